"""The hooks, one module each, by family. A hook is `decide(event, context)`, a pure value."""
