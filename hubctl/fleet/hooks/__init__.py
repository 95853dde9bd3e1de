"""The hooks of a hub as people ask about them: listed, explained, switched, tried, measured."""
