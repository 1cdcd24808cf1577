"""Makes the first version of the Word templates of a SOP; run by hand, never by the server.

    python -m documents.template_builder workflows/bpmn/<key>/docx

From then on the files are edited in Word: running this again overwrites what was edited.
"""
