"""The pages of the audit: each shows one question about one scope, which stands in the address."""
