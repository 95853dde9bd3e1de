"""A report written down: HTML, Markdown, JSON, and the charts of HTML. Pure."""
