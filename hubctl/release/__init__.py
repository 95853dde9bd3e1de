"""L4: releases of the hooks: one versioned folder per content, switched atomically, verifiable.

Loads nothing: `drift` needs `verify` alone.
"""
