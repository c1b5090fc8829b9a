# Tables of the console; their columns are in printed.csv

attribution-table = { $table ->
    [jumps] Pooled wallets without any money of the group, and claims of vendors on them
    [precision] Hits of a vendor by base rate, where nobody else attributes
    [even] Base rate below which a hit is more likely false than true
    [claims] Largest claim on a pooled wallet against the crypto that truly arrived
    [harm] Attributions, money frozen and cases by vendor, means over the { $weeks } weeks after the switch
   *[effects] Effects of vendors against the reference vendor, means over the { $weeks } weeks after the switch
}
attribution-notes =
    Jump: from about 0.5 to about 4.5 million USD and back within a week, seen in the balance alone. About: within a
    factor of two. [ ]: 95 % uncertainty interval over parameter draws. ( ): 95 % Monte Carlo interval, which more runs
    would narrow. Base rate: share of right links to the group among all leads. Bayes: recall and false-positive rate
    alone. The next columns add staff that examines only so much, then wrong links, then pooled wallets. inf: no crypto
    arrived in the year of a claim. Cases are whole numbers by rail and week, counted in the runs. Cases on lawful
    money are expected ones: lawful transfers are a flow, fractions of cases count, and their sum may slightly exceed
    all cases. The margin of relevance is 1 % of capacity; for another outcome, 1 % of its mean with the reference
    vendor.

# Findings

attribution-heading = { $part ->
    [jumps] Jumps of pooled wallets
    [even] When a hit is more likely false than true
    [effects] Effects of vendors
   *[claims] Size of claims
}

attribution-jumps =
    Without any money of the group, one wallet jumps { $a_processor } times a year at a rate of { $pool_jumps } own
    transfers a year (formula: { $a_processor_formula }). All { $processors } wallets jump { $a_year } times (formula:
    { $a_year_formula }).
    .title = Without any money of the group, a pooled wallet jumps { $a_processor } times a year; vendors claim of its jumps:
        { $vendors }
    .caption = Left: balance of one processor's pooled wallet in the first replication in which it jumps; circles: jumps
        from about 0.5 to about 4.5 million USD and back within a week, seen in the balance alone. Right: share of
        { $replications } replications with at least one jump. Assumed transfers of its own a processor-year: { $pool_jumps }.
attribution-misread =
    The { $vendor } vendor claims { $read } of such jumps as the group's (formula: { $read_formula }), in { $claims }
    weeks a year (formula: { $claims_formula }).
    .item = { $vendor } { $read }

attribution-even =
    With the { $vendor } vendor, a hit is more likely false than true { attribution-below }: { $even } as configured,
    { $formula } over draws, { $measured } in the runs. At the ends of the published illicit share of crypto
    ({ $published }), this holds in { $false_at_low } and { $false_at_high } of draws.
    .item = { $crosses ->
        [yes] { $measured } ({ $vendor })
       *[no] any ({ $vendor })
    }
attribution-bayes =
    .title = Base rate below which a hit is more likely false than true: { $vendors }
    .caption = Share of true hits of a vendor, where nobody else attributes, by the share of right links among all leads
        (half a decade each), which depends on lawful money; { $draws } draws of the parameters. Marker: median draw;
        bar: 95% uncertainty interval over draws.
attribution-below = { $crosses ->
    [yes] below a base rate
   *[no] at every base rate of the runs
}
attribution-published =
    The published share is of all volume and not of leads, whose base rate may be lower or higher.
attribution-agreement =
    Over all base rates, true hits are { $true } times what the whole formula expects, false hits { $false } times.
attribution-farthest =
    Bayes' rule alone is farthest from the whole formula for the { $vendor } vendor in { $group } at { $lawful } times
    the lawful money: precision { $bayes } against { $with_pools }, and { $precision } in the runs. Staff changes it by
    { $by_with_staff }, wrong links by { $by_with_links }, pooled wallets by { $by_with_pools }.

attribution-claims =
    In { $group }, the largest claim of the { $vendor } vendor in a run is { $overstated } times the crypto of the year
    around it (published: { $published }). { $with_claim } of runs have a claim.

attribution-vendor = the { $vendor } vendor
attribution-effect = In { $group }, { effect }.
    .groups = { $first ->
        [yes] { $policy } { does } in { $names }
       *[no] it { does } in { $names }
    }
    .item = { $policy }
    .title = { $verdict ->
        [raises] { $outcome } rises with { $names }
        [lowers] { $outcome } falls with { $names }
        [depends] the effect of { $names } on { $outcome } depends on { on-what }
        [negligible] the effect of { $names } on { $outcome } is negligible
       *[inconclusive] the effect of { $names } on { $outcome } is inconclusive
    }
    .caption = Each vendor minus the reference vendor, means of the { $weeks } weeks after the switch. Loud: accuses as
        readily as the eager vendor, sees as much as the careful one; sharp: the other way. The
        title is on { $group }. { $sample }
attribution-zero = The { $vendor } vendor leaves { $outcome } exactly unchanged{ $name ->
    [capacity] , which follows from the rules and is no finding: a false attribution takes no staff and leads to no arrest.
   *[other] .
}
