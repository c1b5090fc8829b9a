traceability-question =
    How much does it matter how well a privacy coin can be traced, and how many donors follow an appeal to it? Where
    does "cannot be traced" begin to change what the group receives, what is seized, and what it can do?
traceability-corners = Effect of a full switch at the corners of the surface (status quo)
traceability-thresholds = Share of donors that must follow for the campaign to receive as much as before, by link
