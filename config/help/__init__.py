"""The guides of docs/panduan inside the site: drawn from the same files, with a place per page."""
