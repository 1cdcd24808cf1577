"""Days and months of people: read, judged, kept as sheets, shown and explained."""
