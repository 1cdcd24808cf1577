"""Issuing a document: kop, number, signatory, marks, what proves it."""
