"""Which files a tool call writes, what they would say then, and what stands there."""
