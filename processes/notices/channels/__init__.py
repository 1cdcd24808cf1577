"""The ways by which a notice leaves the site, one module each."""
