"""A province's month: many agencies run the same SOP at once while workers are killed."""
