"""Fills Word templates: a program of its own, without Django and without a secret.

`documents.filling` asks it through `client`; everything else here runs in the preloaded process
(`zygote`) or in one of its children, which live for one job within limits of memory and time. A
template is code that an office edits, the data are text that anybody typed; neither can do more
than fill a page. The only door to docxtpl.
"""
