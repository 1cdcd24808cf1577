"""What is asked about one scope, a module per page; `boxplots` and `lines` draw, `heat` colours."""
