"""Call logs as people have them: exports of telephone systems, carriers and spreadsheets."""
