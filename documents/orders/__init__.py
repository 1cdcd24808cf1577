"""Orders of documents: asked for by a person or a step, written by workers side by side."""
