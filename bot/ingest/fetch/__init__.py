"""The fetching of foreign addresses: safe, bounded, and at each site's pace."""
