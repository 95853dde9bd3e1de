"""L3: what the client does with settings, as rules over values. Pure: it reads no file itself."""
