"""Makes the standard Word templates; run by hand, never by the server.

    python -m documents.template_builder            # all of them
    python -m documents.template_builder resume     # those whose file or folder has this name

The templates of a SOP stand in its folder docx/, those of the catalogue in documents/reports/.
What an office changes in Word is kept as its own version and not touched by this.
"""
