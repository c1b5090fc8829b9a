# All that a brief says, in English. Each section has one purpose; another language is a file with the same messages.

## Names of groups, arms, policies, agencies, rails, parameters

study-answer = The switch, case by case and year by year
study-attribution = Pooled wallets and false attribution
study-calibrate = What the record leaves open
study-choice = The choice of a policy
study-claims = A claimed sum in crypto against the record
study-headline = Privacy coins, attacks and policies
study-inspiration = Counter-messaging, force or counter-finance
study-privacy-switch = Privacy coins, attacks and policies
study-structures = The switch under rival rules
study-sweep = The switch along a parameter
study-traceability-sweep = Where tracing matters
study-validation = The model against the record

# ``.what``: one line on what it is. In languages with grammatical gender a name has ``.gender``: masculine, feminine.

group-one = the group
    .what = the group of this study
group-is-core = the large group
    .what = ISIS in Iraq and Syria, with its provinces abroad
group-donor-funded = the donor-funded group
    .what = a hypothetical group of 150 fighters that lives on gifts
group-external-network = the external network
    .what = hypothetical small cells abroad, half of which pay for themselves
group-khorasan = the Khorasan branch
    .what = ISIS in Khorasan, as on record
group-qassam = the Qassam Brigades
    .what = a bitcoin campaign of 2019 to 2023, as on record
group-alqaeda = the al-Qaeda network
    .what = a network of 155 addresses in Syria, seized in 2020
hypothetical = the hypothetical { $group }

# ``.where``: the arm as a condition in a sentence

arm-none = no switch
    .where = without the switch
arm-announcement = announcement (donors choose)
    .where = if donors choose
arm-asked = asked for (old rails stay open)
    .where = if old coins stay open
arm-full = full switch (no gift stays behind)
    .where = if no gift stays behind
arm-with = with the switch
    .where = with the switch
arm-placebo = placebo (full switch to a twin of bitcoin)
    .where = if every gift moves to a twin of bitcoin

# English names of policies are singular, so that a verb after them is ("chain analytics lowers"). ``$low`` and ``$high``
# are the plausible range of its effect at full strength

mix = { $first } with { $others }
policy-status-quo = today's measures
    .what = What is done today goes on, and nothing is added.
policy-exchange-kyc = checking identities at exchanges
    .what = Regulators have exchanges, processors and traders check customers: { $low } to { $high } of the gap to strict checks closes.
policy-privacy-delisting = delisting privacy coins
    .what = Regulators have { $low } to { $high } of intermediaries drop privacy coins.
policy-chain-analytics = chain analytics
    .what = Chain analysts trace coins: { $low } to { $high } of the gap to full recall closes.
policy-issuer-freezing = freezing by coin issuers
    .what = Financial intelligence has issuers freeze coins: { $low } to { $high } of the gap to certain freezing closes.
policy-donor-prosecution = prosecuting donors
    .what = Prosecutors arrest identified donors: { $low } to { $high } of the gap to certain arrest closes.
policy-hawala-licensing = licensing hawala
    .what = Regulators license hawala brokers: { $low } to { $high } of the gap to strict checks closes.
policy-channel-takedown = taking down channels
    .what = Communicators have channels closed, which then live { $low } to { $high } weeks.
policy-revenue-strikes = striking revenue
    .what = The military destroys { $low } to { $high } of oil capacity a week.
policy-decapitation = killing leaders
    .what = The military kills { $low } to { $high } leaders a year.
policy-kinetic-pressure = military pressure
    .what = The military kills or captures { $low } to { $high } more of the fighters a week. Opportunities for attacks fall by { $opportunity-low } to { $opportunity-high } (assumed).
policy-counter-inspiration = counter-messaging
    .what = Communicators lower sympathy by { $low } to { $high } in the long run.
policy-counter-finance = counter-finance
    .what = Every policy against money is used together.
policy-adaptive = following the evidence
    .what = Agencies move their staff to where evidence is found.

agency-none = nobody
agency-fiu = financial intelligence
agency-chain-analyst = chain analysts
agency-regulator = regulators
agency-prosecutor = prosecutors
agency-communicators = communicators
agency-military = the military

rail-bank = bank transfers
rail-bitcoin = bitcoin
rail-cash = cash
rail-every = coins
rail-hawala = hawala
rail-monero = Monero
rail-new-coin = a new coin
rail-stablecoin = stablecoins

theatre-abroad = abroad
theatre-central-africa = Central Africa
theatre-gaza = Gaza
theatre-iraq = Iraq
theatre-khorasan = Khorasan
theatre-lake-chad = Lake Chad
theatre-philippines = the Philippines
theatre-sahel = the Sahel
theatre-sinai = Sinai
theatre-somalia = Somalia
theatre-syria = Syria

outcome-capacity = attack capacity
outcome-rate = the attack rate
outcome-rate-core = the attack rate of the core
outcome-rate-network = the attack rate of the network
outcome-attacks = attacks
outcome-inspired = inspired attacks abroad
outcome-delivered = the money that arrives
outcome-campaign-given = gifts to public campaigns
outcome-seized = the money seized
outcome-frozen = the group's money frozen
outcome-fighters = fighters
outcome-sympathy = sympathy
outcome-true-attributions = true attributions
outcome-false-attributions = false attributions
outcome-wasted-cases = expected cases on lawful money
outcome-wasted-staff = expected staff-weeks on lawful money
outcome-lawful-frozen = lawful money frozen
outcome-lawful-hindered = lawful payments hindered
outcome-harm = lawful money hindered or frozen

structure-default = the rules of this model
structure-own-constant = donors may like the new coin better
structure-whole-wallet = a freeze takes a whole wallet
structure-displacement = donors turned away give elsewhere
structure-ces = people and money hardly replace each other
structure-lumpy = an attack needs its cost in hand
structure-backlash = force may provoke attacks
structure-rerouting = the group chooses its routes
structure-every-event = donors hear of every arrest and freeze
structure-arrests-only = donors hear of arrests alone
structure-unheard = donors hear of neither arrests nor freezes
structure-repelled = crime repels donors
structure-former = former rules
structure-rivals = rival rules throughout
structure-cash = money goes by couriers

# Parameters that studies draw: what an answer may depend on. ``$rail``: the coin, ``$place``: the place it is of

parameter-product = { $a } together with { $b }
parameter-gifts-kept = the share of their gifts that campaigns keep
parameter-campaign-share = the share of the money that campaigns bring
parameter-adaptation-no-coin = what the group expects of asking for no coin
parameter-backlash-attacks = how pressure changes the opportunity for attacks
parameter-backlash-by-arrests = how arrests change sympathy
parameter-backlash-by-force = how force changes sympathy
parameter-backlash-by-leaders = how the loss of leaders changes sympathy
parameter-campaigns-audience-lost = the audience that a closed channel loses
parameter-campaigns-rebuild = how slowly an audience comes back
parameter-campaigns-sigma = how far campaigns differ in size
parameter-choice-ask = how far donors heed the coin that is asked for
parameter-choice-closing = how far donors get used to a new coin
parameter-choice-closing-speed = how fast donors get used to a new coin
parameter-choice-cost = how far costs put donors off
parameter-choice-habit = how strong the habits of donors are
parameter-choice-risk = how far risk puts donors off
parameter-choice-skill = how far a difficult coin puts donors off
parameter-combat-attack-cost = what one more attack costs
parameter-combat-branching = the share of attacks that earlier ones trigger
parameter-combat-excitation-decay = how long an attack triggers others
parameter-combat-money = how much attacks depend on money
parameter-combat-people = how much attacks depend on fighters
parameter-combat-severe-exponent = how rare very deadly attacks are
parameter-combat-substitution = how far people can replace money
parameter-effects-chain-analytics = how far chain analytics improves tracing
parameter-effects-channel-takedown = how long channels live under takedowns
parameter-effects-counter-inspiration = how far counter-messaging lowers sympathy
parameter-effects-decapitation = how many leaders are killed
parameter-effects-delisting-spread = how much dearer delisting makes privacy coins
parameter-effects-donor-prosecution = how far prosecution reaches donors
parameter-effects-exchange-kyc = how strict exchanges become
parameter-effects-hawala-licensing = how strict licensed brokers become
parameter-effects-issuer-freezing = how far issuers freeze coins
parameter-effects-kinetic-opportunity = how far pressure lowers the opportunity for attacks
parameter-effects-kinetic-pressure = how many more fighters pressure takes
parameter-effects-leader-know-how = the know-how lost with a leader
parameter-effects-leader-recovery = how slowly a lost leader is replaced
parameter-effects-licensing-leave = how many brokers leave rather than take a licence
parameter-effects-licensing-spread = how much dearer licensing makes hawala
parameter-effects-privacy-delisting = how many intermediaries drop privacy coins
parameter-effects-revenue-strikes = how much oil capacity strikes destroy
parameter-effects-strike-repair = how fast oil sites are repaired
parameter-effects-takedown-audience = the audience that a takedown costs
parameter-enforcement-arrest = the chance that an identified donor is arrested
parameter-enforcement-forfeiture = how slowly a freeze becomes a seizure
parameter-enforcement-hops = how many transfers a trace must follow
parameter-enforcement-lookalike = how many lawful transfers resemble the group's
parameter-enforcement-off-ledger = how often gifts are found off the ledger
parameter-enforcement-records-examined = how many bank records are examined
parameter-enforcement-sanctions = how often evidence leads to sanctions
parameter-enforcement-staff-chain-analyst = how many chain analysts there are
parameter-enforcement-transfers-examined = how many transfers an analyst examines
parameter-enforcement-vendor-false-positive = how often a lawful transfer is blamed on the group
parameter-enforcement-vendor-recall = the share of the group's transfers that is recognised
parameter-giving-displaced = how many donors turned away give elsewhere
parameter-giving-large-exponent = how rare very large gifts are
parameter-giving-large-share = the share of large gifts
parameter-giving-median = the size of an ordinary gift
parameter-giving-network-rate = how often donors give to network appeals
parameter-giving-public-rate = how often donors give to public campaigns
parameter-giving-repelled = how far crime repels donors
parameter-giving-sigma = how far gifts differ in size
parameter-giving-visibility = how many willing donors see an appeal
parameter-group-arrears = how many fighters leave when they are not paid
parameter-group-cells-revenue-tax = taxes in { $place }
parameter-group-drawdown = how fast the group spends its reserves
parameter-group-holding-cost = what holding territory costs
parameter-group-hop-cost = what a transfer inside the group costs
parameter-group-hop-seen = how often a transfer inside the group is stopped
parameter-group-leaving = how many paid fighters leave
parameter-group-operations = how much money operations need
parameter-group-outflow = how fast reserves are lost
parameter-group-protection = how far pay comes before operations
parameter-group-recruits = how many recruits join
parameter-group-rejoin = how many former fighters return
parameter-group-remit = the share of local revenue that provinces send on
parameter-group-renewal = how often the group renews its wallets
parameter-group-replacement = how far extortion replaces lost gifts
parameter-group-replacement-time = how slowly extortion replaces lost gifts
parameter-group-reserves = the reserves of the group
parameter-group-routing = the share of campaign money that goes straight to cells
parameter-group-saving = how much of its surplus the group saves
parameter-group-skim = how much money is skimmed on its way
parameter-group-wage = the pay of a fighter
parameter-inspiration-elsewhere = how far attacks elsewhere inspire
parameter-inspiration-hearsay = how far news spreads between communities
parameter-inspiration-inherited = how far the risk of an old coin sticks to a new one
parameter-inspiration-memory = how long sympathy lasts
parameter-inspiration-pause = how long a donor pauses after a blocked gift
parameter-inspiration-publicity = how far attacks feed sympathy
parameter-inspiration-risk-memory = how long donors remember arrests and freezes
parameter-inspiration-salience = how far an arrest or freeze alarms donors
parameter-intermediaries-compliant = the share of jurisdictions that comply
parameter-intermediaries-concentration = how far large intermediaries lead their market
parameter-intermediaries-lost = how many customers of a closed service stop
parameter-intermediaries-moving = how slowly customers move to another service
parameter-intermediaries-pool-jumps = how often a shared wallet swells
parameter-population-literacy-a = how many donors are skilled with coins
parameter-population-literacy-b = how many donors are unskilled with coins
parameter-population-propensity-shape = how far donors differ in generosity
parameter-rails-constant = how donors like { $rail }
parameter-rails-gap = how much less donors like { $rail } than the coin it replaces
parameter-rails-traceability-freeze = how much of { $rail } can be frozen
parameter-rails-traceability-lag = how long tracing { $rail } takes
parameter-rails-traceability-link = how well { $rail } can be traced
parameter-rails-volatility = how far the price of { $rail } swings
parameter-rails-volume = the share of { $rail } in lawful trade
parameter-screening-block = how many flagged gifts are returned
parameter-screening-suspicion = how often a gift is flagged
parameter-shocks-monero-only-size = share of donors lost
parameter-theatres-know-how = the know-how of cells in { $place }

## Numbers, counts and lists

# ``$digits``: the number as text; ``$count``: the same number, which selects the plural

no-change = no change
not-defined = not defined
no-interval = no interval
interval = { $low } to { $high }
more = { $count } more
millions = { $digits } million
billions = { $digits } billion

# A unit in a table of the model, with its number; a unit without a message follows its number as it is

unit-usd = { $digits } USD
unit-usd-week = { unit-usd } a week
unit-usd-year = { unit-usd } a year
unit-attacks = { $digits } { $count ->
    [one] attack
   *[other] attacks
}
unit-attacks-week = { unit-attacks } a week
unit-attacks-year = { unit-attacks } a year
unit-claims = { $digits } { $count ->
    [one] claim
   *[other] claims
}
unit-deaths = { $digits } { $count ->
    [one] death
   *[other] deaths
}
unit-times = { $digits } times
unit-correlation = { $digits }
unit-exponent = { $digits }
unit-gifts-week = { $digits } { $count ->
    [one] gift
   *[other] gifts
} a week
unit-persons = { $digits } { $count ->
    [one] person
   *[other] persons
}
unit-weeks = { $digits } { $count ->
    [one] week
   *[other] weeks
}
unit-sets = { $digits } { $count ->
    [one] set of assumptions
   *[other] sets of assumptions
}
unit-runs = { $digits } { $count ->
    [one] run
   *[other] runs
}

tally = { $side ->
    [none] unchanged
   *[other] { $side }
} in { $count } of { $of }{ $sampled ->
    [none] {""}
   *[other] {" "}{ $sampled }
}

## Findings: answers, because, confidence, price

# Sentences of at most 22 words. ``$side`` is the side whose sets ``$count`` counts: lowers, raises or no. ``$agree`` is
# how many of them that is: all, nearly-all, most, split, few, none. ``$unit``: sets of
# assumptions are counted, or seeds if parameters are held.

in-sets = in { $unit ->
    [seeds] { $agree ->
        [all] all { $count }
       *[other] { $count } of { $of }
    } repeats of one set of assumptions
   *[sets] { in-sets.counted }
}
    .counted = { $agree ->
    [all] all { in-sets.unit }
    [nearly-all] nearly all { in-sets.unit }
    [most] most { in-sets.unit }
    [split] some { in-sets.unit }
    [few] few { in-sets.unit }
   *[none] no { in-sets.one }
} ({ $count } of { $of })
    .unit = { $unit ->
    [seeds] runs
   *[sets] sets of assumptions
}
    .one = { $unit ->
    [seeds] run
   *[sets] set of assumptions
}
# What acts on attacks: asking for a coin, or a policy. ``$where``: a condition, such as "if no gift stays behind", or none.
acting = { $kind ->
    [policy] { $policy }
   *[switch] { $arm ->
        [announcement] asking for { $rail }
        [full] a full switch to { $rail }
       *[other] { $where ->
            [none] asking for { $rail }
           *[other] asking for { $rail } { $where }
        }
    }
}
acts = { $side ->
    [lowers] lowers
    [raises] raises
   *[no] hardly changes
}
# In a sweep of a parameter: the level that an answer is at, and whether other levels have another
swept-at = { $swept ->
    [none] {""}
   *[other] At { $swept-levels }, {""}
}
swept-other = { $swept ->
    [none] {""}
    [same] {" "}The answer is the same at every other level.
   *[other] {" "}At { $swept-to }, attacks { $swept-verdict ->
        [lowers] fall by { $swept-size }
        [raises] rise by { $swept-size }
        [no] hardly change
        [few] need more runs
       *[depends] may fall or rise
    }; the answer is another at { $swept-count } of { $swept-of } other { $swept-of ->
        [one] level
       *[other] levels
    }.
}
finding-effect = { swept-at }{ $answer ->
    [few] { acting } { acts } attacks by { $group } { in-sets }. There are not enough runs to be sure.
    [depends] { acting } { acts } attacks by { $group } { in-sets }.{ $depends-on ->
        [unknown] {""}
       *[other] {" "}It depends on { $depends-on }.
    }{ $side ->
        [lowers] { $above ->
            [0] {""}
           *[other] {" "}Attacks rise in { $above }.
        }
        [raises] { $below ->
            [0] {""}
           *[other] {" "}Attacks fall in { $below }.
        }
       *[no] {""}
    }
   *[other] { acting } { acts } attacks by { $group } { in-sets }.
}{ $because ->
    [none] {""}
   *[other] {" "}The reason: { $because }.
}{ swept-other }
    .title = { $swept ->
    [other] What { acting } does depends on { $swept-names }
   *[none] { $answer ->
        [few] Not enough runs yet: { acting }, { $group }
        [depends] What { acting } does to { $group } depends on the assumptions
       *[other] { acting } { acts } attacks by { $group }
    }
}
    .alt = { $group }: { acting }. Attacks fall in { $below }, hardly change in { $within } and rise in { $above } of { $of } { in-sets.unit }.
finding-switch = { finding-effect }
    .title = { finding-effect.title }
    .alt = { finding-effect.alt }
finding-policy = { finding-effect }
    .title = { finding-effect.title }
    .alt = { finding-effect.alt }
after-window = After { $window } weeks
finding-soon = { acting } { acts } attacks by { $group } { in-sets }. That is after { $window } weeks.
    .title = { after-window } { acting } { acts } attacks by { $group }
    .alt = { after-window }: { finding-effect.alt }
finding-turn = { $first ->
    [none] { $hint ->
        [yes] Too few sets of assumptions ({ $draws }) were tried to say what the switch depends on for { $group }.
       *[no] No single assumption explains what the switch does to { $group }.{ finding-turn.where }
    }
   *[other] What the switch does to { $group } depends most on { $first }.{ finding-turn.more }
}
    .more = { $second ->
    [none] {""}
   *[other] {" "}Next comes { $second }.
}{ finding-turn.where }{ $hint ->
    [yes] {" "}So few sets of assumptions ({ $draws }) give a hint at most.
   *[no] {""}
}
    .where = { $turn ->
    [sign] {" "}Its sign turns where { $axis } is { $at }.
    [falls] {" "}Attacks fall mostly where { $axis } is { finding-turn.side } { $at }.
    [rises] {" "}Attacks rise mostly where { $axis } is { finding-turn.side } { $at }.
   *[other] {""}
}
    .side = { $side ->
    [more] above
   *[less] below
}
    .title = { $first ->
    [none] { $hint ->
        [yes] Too few sets to say what it depends on: { $group }
       *[no] What the switch does to { $group } depends on no single assumption
    }
   *[other] For { $group } it depends on { $first }
}
tried = { $tried ->
    [all] {""}
    [one] Of the one policy tried, {""}
   *[other] Of the { $tried } policies tried, {""}
}
finding-choice = { $among ->
    [all] { tried }counting attacks alone, { $policy } averts most against { $group }.
   *[without_force] { $staff ->
        [any] { tried }without force, { $policy } gives up least in attacks averted against { $group }.
       *[other] { tried }without force and with { $staff } staff-weeks a week, { $policy } gives up least against { $group }.
    }
} { $harm-modelled ->
    [yes] It averts { $averted } of { $base } attacks a week (median).
    [part] It averts { $averted } of { $base } attacks a week (median). Harm to others is counted in part, so this is no recommendation.
   *[no] { finding-unpriced }
} In nine of ten sets, { $regretted ->
    [yes] any other choice averts at most { $extra } attacks a week more ({ $extra-low } to { $extra-high })
   *[no] no other choice averts more
}.{ $hinders-most ->
    [yes] {" "}It also hinders most lawful payments.
   *[no] {""}
}
    .title = { $among ->
    [all] Counting attacks alone, { $policy } averts most against { $group }
   *[other] Without force, { $parts ->
        [one] { $policy } gives
       *[other] { $parts } policies together give
    } up least against { $group }
}
finding-unpriced = Harm to others is not counted, so this is no recommendation.
finding-value = { $question ->
    [verdict] What the switch does to { $group } is in doubt.
   *[policy] Which policy is best against { $group } is in doubt.
} Uncertainty on { $parameter } explains { $amount } of why sets disagree ({ $span }).
    .title = Measure { $parameter }
finding-law = { $reach ->
    [never] At default assumptions, however well gifts in { $rail } are traced, freezing weakens { $group } by less than { $margin }.
    [now] At default assumptions, as gifts in { $rail } are traced today, freezing weakens { $group } by { $lost }.
   *[later] At default assumptions, freezing gifts in { $rail } weakens { $group } only once { $threshold } of its transfers are linked.
}
    .title = { $reach ->
    [never] Freezing gifts in { $rail } hardly weakens { $group }
   *[other] Freezing gifts in { $rail } can weaken { $group }
}

# Why: clauses, which also stand alone under a picture

because-campaigns = campaigns bring less than { $most } of the money that the group spends in any { $unit ->
    [seeds] run
   *[sets] set
}
because-kept = campaigns keep { $kept } of their gifts ({ $low } to { $high })
because-spread = sets differ in what campaigns bring, { $low } to { $high } of the money
because-money = the money that the group spends { because-moves }
because-fighters = the number of fighters { because-moves }
because-know-how = the know-how of the group { because-moves }
because-opportunity = pressure is assumed to limit opportunities for attacks
because-idle = there is nothing for it to act on
because-moves = { $moves ->
    [falls] falls by { $size }
    [rises] rises by { $size }
   *[same] hardly changes
}

# How sure an answer is, in a sentence of its own

confidence = { $confidence ->
    [high] Confidence: high, because { $reason }.
    [moderate] Confidence: moderate, because { $reason }.
    [low] Confidence: low, because { $reason }.
   *[none] Confidence: none yet, because { $reason }.
}
confidence-agree = nearly all { in-sets.unit } agree
confidence-arithmetic = the reason is arithmetic
confidence-measured = the reason is measured
confidence-assumed = it rests on assumptions
confidence-few = runs are too few
confidence-few-draws = few sets of assumptions were tried
confidence-hypothetical = the group is hypothetical
confidence-judgement = it rests on judgement
confidence-luck = luck hides which { in-sets.unit } agree
confidence-rules = other rules give another answer
confidence-size-assumed = what force does is assumed
confidence-harm-assumed = the size of lawful trade is assumed
confidence-one-assumption = the price rests on one assumption
confidence-one-set = only one set of assumptions was tried
confidence-pattern = the model misses part of the group's record
confidence-split = { in-sets.unit } disagree

# The same under other rules: counts of the sets that all rules were run with

rules = Under other rules, attacks by { $group } { $side ->
    [lowers] fall
    [raises] rise
   *[no] hardly change
} in { $rules-same ->
    [yes] { $rules-usual } of { $rules-of } too
   *[no] { $rules-least } to { $rules-most } of { $rules-of } sets, and under the usual ones in { $rules-usual }
}{ $rules-against ->
    [0] {""}
   *[other] {"; "}{ $side ->
        [lowers] they rise
       *[raises] they fall
    } in up to { $rules-against }
}.

# What it costs others, and the budget

price = { $harm-modelled ->
    [no] Harm to others is not modelled.
    [part] { $hinders ->
        [yes] It hinders at least { $harm-share } more lawful payments than today ({ $harm } USD a week), in a market of assumed size.
       *[no] It is not shown to hinder lawful payments. Part of its harm is not modelled.
    }
   *[yes] { $harm-verdict ->
        [raises] It hinders about { $harm-share } more lawful payments than today ({ $harm } USD a week), in a market of assumed size.
        [negligible] It hinders hardly more lawful payments than today.
       *[other] It is not shown to hinder more lawful payments than today.
    }
} { $priced ->
    [yes] Staff cost { $cost } USD a year.
    [part] Staff cost at least { $cost } USD a year.
   *[no] Its staff has no published price.
}

# Findings of studies of their own. What is counted: sets of assumptions, or what the sentence names.

own-count = ({ $count } of { $of })
own-of = { $agree ->
    [all] all
    [nearly-all] nearly all
    [most] most
    [few] few
    [none] no
   *[split] some
}
own-sets = in { own-of } { $unit ->
    [seeds] runs
   *[sets] sets
} { own-count }
own-does = { $side ->
    [lowers] lowers
    [raises] raises
   *[negligible] hardly changes
}

own-span = { $spanned ->
    [yes] {" "}({ $span })
   *[no] {""}
}
own-reason = { $because ->
    [none] {""}
   *[other] {" "}The reason: { $because }.
}

# Why, as clauses

because-illicit-share = at most { $share } of crypto on record is illicit
because-misread = it takes { $share } of the jumps of shared wallets for money of the group
because-crypto = the group truly gets { $given } USD in coins
because-vendor-frozen = it freezes { $given } USD more of the group's money a week
because-record = published figures are the measure
because-market = that market is assumed to bear { $money } USD a week
because-sympathy = money runs short within weeks, and sympathy fades over years
because-force = force takes fighters at once, and sympathy moves slowly
because-core = the core holds most of the fighters and of the money
because-rules = the model was run under each of these rules
because-law = freezing takes no more than the group gets in the coin
because-donors = donors differ in how they like a coin
because-fear = arrests and fear act beside freezing
because-gifts = campaigns are given { $given } USD a week { $less ->
    [yes] less
   *[no] more
}
because-averted = with it the number of attacks { because-moves }
because-same = the same policy is best either way
because-weeks = it is said to have come within { $weeks } weeks
because-dated = leaving them out moves the answer by less than { $margin }
because-loss = the other choice averts at most { $share } of attacks more
because-waiting = attacks go on until it works
because-privacy = nothing but the privacy of the coin differs
because-measured = only sets in which attacks hang on money as measured are counted

# Attribution

question-attribution = Can a hit of a vendor who traces pooled wallets be believed, and whom does an eager one blame?
attribution-hit = A hit of the { $vendor } vendor is more likely false than true { own-sets }.{ own-reason }
    .title = { $agree ->
    [all] { attribution-hits } more likely false than true
    [nearly-all] { attribution-hits } more likely false than true
    [most] { attribution-hits } more likely false than true
    [split] Whether a hit of the { $vendor } vendor is true depends on the assumptions
   *[few] { attribution-hits } more likely true than false
}
attribution-hits = A hit of the { $vendor } vendor is
attribution-innocent = With no money of any group, the { $vendor } vendor blames innocent wallets { $amount } weeks a year{ own-span }.{ own-reason }
    .title = The { $vendor } vendor blames innocent wallets
attribution-overstated = Claims of the { $vendor } vendor on { $group } are { $amount } times the truth{ own-span }.{ own-reason }
attribution-frozen = Against { $group }, following the { $vendor } vendor freezes { $amount } more of lawful money{ own-span }.{ own-reason }
attribution-attacks = Following the { $vendor } vendor { own-does } the attacks of { $group } { own-sets }.{ own-reason }

# Claims

question-claims = Is a claimed sum in crypto compatible with the published record, and what would it need?
claims-sum = { $judged ->
    [rejected] The record rejects { claims-what } ({ claims-how }).
    [hardly-compatible] The record hardly allows { claims-what } ({ claims-how }).
    [compatible] The record supports { claims-what } ({ claims-how }).
    [the-record-is-silent] The record is silent on { claims-what } ({ claims-how }).
   *[inconclusive] Not enough runs to judge { claims-what } ({ claims-how }).
}{ own-reason }
    .title = { $judged ->
    [rejected] The record rejects { claims-what }
    [hardly-compatible] The record hardly allows { claims-what }
    [compatible] The record supports { claims-what }
    [the-record-is-silent] The record is silent on { claims-what }
   *[inconclusive] Not enough runs yet to judge { claims-what }
}
claims-what = a claim of { $sum } { $scale ->
    [billion] billion USD
    [million] million USD
   *[one] USD
} in { $rail }
claims-how = { $judged ->
    [inconclusive] { $effective ->
        [one] { $effective } set of assumptions carries
       *[other] { $effective } sets of assumptions carry
    } it
   *[other] { $than ->
        [same] as probable with it as without
       *[other] { $huge ->
            [yes] more than a million times
           *[no] { $times } times
        } { $than ->
            [less] less
           *[more] more
        } probable with it
    }
}
claims-limit = { $found ->
    [yes] From { $amount } on, the record rejects a claim in { $rail }{ own-span }.
    [few] Not enough runs: too few sets of assumptions carry large claims in { $rail } ({ $effective }).
   *[no] The record rejects no claim in { $rail } up to the largest that was tried.
}{ own-reason }
claims-needed = Cashing such a claim in { $rail } takes { $amount }, { $beyond ->
    [yes] more than its market is assumed to bear
   *[no] which its market is assumed to bear
}.{ own-reason }
claims-cashed = By its last day, { $amount } of such a claim in { $rail } is cash{ own-span }.{ own-reason }

# Counter-messaging against force and finance

question-inspiration = Counter-messaging, force or measures against finance: which averts more attacks, soon and late?
inspiration-rival = Against { $group }, { policy-counter-inspiration } averts { $side ->
    [lowers] more than
    [raises] less than
   *[negligible] about as much as
} { $policy } { $when ->
    [soon] at first
   *[late] later
} { own-sets }.{ own-reason }
inspiration-turn = Against { $group }, { $policy } works first and { policy-counter-inspiration } later { own-sets }.{ own-reason }
    .title = { $agree ->
    [all] { inspiration-first }
    [nearly-all] { inspiration-first }
    [most] { inspiration-first }
   *[split] Which works first against { $group }, and which later, depends on the assumptions
}
inspiration-first = Against { $group }, { $policy } works first and { policy-counter-inspiration } later
inspiration-core = With { $policy }, attacks of the core fall { $side ->
    [raises] more than
    [lowers] less than
   *[negligible] about as much as
} those of the network { own-sets }.{ own-reason }

# Structures of the rules

question-structures = Does the answer hang on a rule of the model, or does it hold under rival rules?
structures-rules = under { own-of } rules { own-count }
structures-switch = { structures-arm } { $judged ->
    [lowers] lowers the attacks
    [raises] raises the attacks
    [negligible] hardly changes the attacks
    [depends] may change the attacks
   *[inconclusive] needs more runs for the attacks
} of { $group } { structures-rules }.{ own-reason }
structures-arm = { $arm ->
    [announcement] Announcing the switch
    [full] A full switch
   *[privacy] Privacy alone
}
structures-policy = With { $policy }, the attacks of { $group } fall { structures-rules }.{ own-reason }

# Traceability

question-traceability = Where does it matter how well a coin is traced, and by which road?
traceability-cannot = However well a coin is traced, freezing hardly matters for { own-of } pairs of group and coin { own-count }.{ own-reason }
    .title = { $agree ->
    [all] Freezing hardly matters, however well a coin is traced
   *[most] Freezing matters only for few groups, where a coin is traced well
}
traceability-from = Freezing weakens { $group } once { $amount } of its gifts in { $rail } are linked{ own-span }.{ own-reason }
traceability-now = As { $rail } is traced today, freezing weakens { $group } { own-sets }.{ own-reason }
traceability-keeps = After { $arm ->
    [announcement] an announcement
    [asked] asking
   *[full] a full switch
}, the campaigns of { $group } keep { $amount } of their gifts (it is weaker below { $threshold } %).{ own-reason }
traceability-traced = { $road ->
    [freezing] Through freezing alone, tracing
   *[all] Tracing
} { $rail } fully { own-does } the attacks of { $group } { own-sets }.{ own-reason }

# Validation

question-validation = Does the model deserve belief: where does it agree with the published record?
validation-agrees = For { $group }, the model reproduces { own-of } patterns to which nothing was tuned { own-count }.{ own-reason }
    .title = The model reproduces { own-of } patterns to which nothing was tuned
validation-possible = For { $group }, it reproduces { own-of } more under some assumptions only { own-count }.{ own-reason }
validation-disagrees = For { $group }, it contradicts { own-of } patterns to which nothing was tuned { own-count }.{ own-reason }

# Calibration

question-calibration = What does the record teach about the assumptions, and what stays judgement?
calibration-ruled-out = The record rules out { own-of } sets of assumptions { own-count }.{ own-reason }
    .title = The record rules out { own-of } sets of assumptions
calibration-moved = The record narrows { own-of } assumptions { own-count }.{ own-reason }
calibration-judgement = The record leaves { own-of } assumptions to judgement { own-count }.{ own-reason }
calibration-learned = The record teaches most about { $parameter }: it removes { $amount } of the variance.{ own-reason }
calibration-predicted = With what the record taught, the model reproduces { own-of } of its figures { own-count }.{ own-reason }
calibration-held = As it is by default, the model lies { $amount } standard errors from its worst figure.{ own-reason }
    .title = The model at its defaults against the record

# Sweep

question-sweep = How does the effect of the switch, and of policies, change along a parameter?
sweep-acts = { $contrast ->
    [switch] the { $arms ->
        [one] switch
       *[several] { $arm-words }
    }
   *[policy] { $policy }
}
    .more = { sweep-acts } { $strongest ->
        [raises] raises attacks by { $amount } points
       *[lowers] { $contrast ->
            [switch] lowers attacks by { $amount } points
           *[policy] averts { $amount } points
        }
    } { $moves ->
        [more] more
       *[less] less
    }
    .span = { $spanned ->
        [yes] {" "}({ $size-span }{ $side ->
            [negligible] {" "}points
           *[other] {""}
        })
       *[no] {""}
    }
sweep-along = { $side ->
    [negligible] { sweep-acts } does about the same at { $parameter } { $than } and { $level }{ sweep-acts.span }
   *[other] { sweep-acts.more } at { $parameter } { $level } than at { $than }{ sweep-acts.span }
}{ $reaches ->
    [at] ; its effect reaches { $least } at { $reach } ({ $reach-low } to { $reach-high })
   *[nowhere] {""}
}.
sweep-between = { $parameter }, { $level } instead of { $than }: { $side ->
    [negligible] { sweep-acts } does about the same{ sweep-acts.span }
   *[other] { sweep-acts.more }{ sweep-acts.span }
}.

# The answer by case and year

question-answer = What does the switch do to each group and at each date, and which policy counters it?
answer-cases = { answer-arm } { $judged ->
    [lowers] lowers the attacks
    [raises] raises the attacks
    [negligible] hardly changes the attacks
    [depends] may change the attacks
   *[inconclusive] needs more runs
} in { own-of } cases and years { own-count }.{ own-reason }
answer-arm = { $arm ->
    [announcement] Announcing the switch
    [asked] Asking for the new coin
   *[full] A full switch
}
answer-most = { answer-arm } changes attacks most for { $group } in { $year }: by { $change }{ own-span }.{ own-reason }
answer-best = { $force ->
    [yes] Of the policies tried
   *[no] Without force
}, { $policy } averts most in { own-of } cases and years { own-count }.{ own-reason }
answer-dated = { $agree ->
    [none] Not enough runs on dated changes of law or market { own-count }.
   *[other] Dated changes of law or market hardly alter the answer in { own-of } cases { own-count }.
}{ own-reason }

# Choice

question-choice = Which policy is least regretted, whatever turns out to be true?
choice-ignored = { $by ->
    [switch] Ignoring the switch
   *[rules] Believing in another rule
} changes the best choice against { $group } in { own-of } cases { own-count }.{ own-reason }
choice-late = Against { $group }, a late { $policy } averts { $amount } less (of { $of-all }).{ own-reason }

# The switch

question-privacy-switch =
    A group moves its public appeal for money from a traceable currency to a privacy coin: what changes for its attacks, and which policy counters it?
privacy-alone = Privacy alone { own-does } the attacks of { $group } { own-sets }.{ own-reason }
privacy-record = With the record on attacks and money, the switch { own-does } the attacks of { $group } { own-sets }.{ own-reason }

## Brief

brief-kicker = { $title } · { $date } · a simulation, not a forecast
brief-partial = Interrupted: this brief is of { $made } of the { $of } { in-sets.unit } that were planned.
brief-title = { $title }; { $hypothetical ->
    [yes] a hypothetical group differs
   *[no] { $all ->
        [yes] other groups differ
       *[no] another group differs
    }
}
    .none = What the runs show

# Headings
brief-bottom-line = Bottom line
brief-do = Do
brief-consider = Consider, with low confidence
brief-do-not = Do not
brief-no-use = No effect on attacks found in this model
brief-ask = Ask for
brief-policies = Who can act, and what it changes
brief-depends = What it depends on
brief-traceability = Where tracing matters
brief-soon = Soon or late
brief-own = What the runs show
brief-limits = Limits
brief-record = Against the record
brief-minds = What would change our mind
brief-again = How to reproduce
brief-terms = Words
brief-measures = The policies
brief-rows = Where each number comes from

# Bottom line and boxes
brief-same = The same holds for { $groups }.
brief-most = { tried }{ $policy } lowers attacks by { $group } most: by { $averted } of { $base } a week { own-count }.
brief-harm = { $policy } hinders about { $harm } USD of lawful payments a week{ $ranged ->
    [yes] {" "}({ $low } to { $high })
   *[no] {""}
}. { $beyond ->
    [yes] For that it averts { $averted } of { $base } attacks a week by { $group } (median).
   *[no] Attacks by { $group } hardly change in the median.
}
brief-do-point = { $policy }: { $averted } of { $base } attacks a week fewer by { $group } { own-count }.
brief-do-none = Without force, no policy of known harm lowers attacks by { $group } by more than { $margin } (median).
brief-do-not-point = { $policy } ({ $agency }): attacks by { $group } hardly change. It hinders { $harm } USD of lawful payments a week{ $harm-verdict ->
    [raises] {""}
   *[other] , hardly more than today
}.
brief-made-up = In { $group } they fall in { $below } of { $of }.
brief-at = Answers are at { $levels }, unless they name another level.
brief-key = { $unit ->
    [seeds] There is one set of assumptions: runs, which differ in luck alone, are counted; they are no probabilities.
   *[sets] A set of assumptions: one value for each uncertain number. Counts are no probabilities.
}
brief-when = Attacks: in the simulated { $weeks } after { $day }; today: measures in force then.
brief-asking = { $mode ->
    [full] A full switch to { $rail }: no gift stays behind; each comes in { $rail }, or is lost with its donor.
    [asked] Asking for { $rail }: the group asks for it and takes old coins too; donors choose.
   *[announcement] Asking for { $rail }: donors choose.
}
brief-group = { $group }: { $what }.

# Table of policies
brief-head-policy = Who acts: policy
brief-head-averted = Attacks averted a week, of { $base } ({ $group })
brief-head-soonest = Seen after, weeks
brief-head-harm = Lawful payments hindered, USD a week
brief-head-cost = Staff, USD a year
brief-head-harmed = Who else is harmed
brief-policy = { $agency }: { $policy }
brief-strength = { $policy }, at { $share } of full strength
brief-cell = { $answer ->
    [lowers] { brief-cell.split }
    [raises] { brief-cell.split }
    [no] { $agree ->
        [all] no change
       *[other] no change: { $within } of { $of }
    }
    [few] { brief-cell.split }, too few runs
   *[depends] { brief-cell.split }
}
    .split = { $above ->
        [0] { $below } of { $of }
       *[other] { $below } fewer, { $above } more
    }
    .idle = cannot act here
    .missing = not run
brief-averted = { $averted }
    .none = none
brief-soonest = { $weeks ->
    [0] not seen
   *[other] { $weeks }
}
brief-harm-cell = { $modelled ->
    [yes] { $harm }
    [part] at least { $harm }
   *[no] not modelled
}
    .none = none
brief-cost = { $priced ->
    [yes] { $cost }
    [part] at least { $cost }
   *[no] not priced
}
brief-harmed-adaptive = customers flagged wrongly
brief-harmed-chain-analytics = customers flagged wrongly
brief-harmed-channel-takedown = lawful speech
brief-harmed-counter-inspiration = not modelled
brief-harmed-decapitation = civilians
brief-harmed-donor-prosecution = donors in good faith
brief-harmed-exchange-kyc = customers without papers
brief-harmed-hawala-licensing = families who send money
brief-harmed-issuer-freezing = holders frozen wrongly
brief-harmed-kinetic-pressure = civilians
brief-harmed-privacy-delisting = lawful users of the coin
brief-harmed-revenue-strikes = civilians
brief-harmed-other = not known
brief-fewer = Policies: { $count } of the { $of } sets.
brief-rest-idle = Hardly change attacks in any group, few payments hindered: { $policies }.
brief-rest-unknown = The same, harm not modelled: { $policies }.
brief-rest-less = Change attacks less: { $policies }.
brief-mixes = { $count ->
    [one] one mix
   *[other] { $count } mixes
} of policies
brief-dots = Dots are { $dots ->
    [twentieths] twentieths of the { in-sets.unit }, smaller ones fewer
   *[sets] { in-sets.unit }
}: blue fewer attacks, hollow no change (below { $margin }), orange more. Counts: fewer attacks.
brief-more = More is in brief.html.

# Limits
limit-judgement = { $judged } of { $of } kinds of uncertain numbers rest on judgement or memory, not on measurements.
limit-date = The rise of attacks in Iraq before the switch is put in by date; the model does not explain it.
limit-campaign = The largest campaign on record, about 2 million USD, is beyond the model.
limit-cost = Costs are those of staff alone; no source prices the military or communicators.
limit-civilians = Harm to civilians is not in the model. Published counts: 0.04 to 0.23 civilians killed a strike.
limit-hypothetical = No group on record stands behind { $groups }: they show where answers could differ.
limit-caveat = a model of published aggregates, not an assessment of the group
limit-forecast = Every number is a difference between simulated runs, not a forecast, and describes no real person.

# The model against the record
brief-record-counts = Of { $count } patterns on record that did not set the model, it agrees with { $agrees } and contradicts { $disagrees }. For { $possible } only some sets of assumptions agree (possible). Shown: { $shown }, contradictions first.
brief-mind = { $disagrees ->
    [yes] { $pattern }: the record already contradicts the model.
   *[no] { $pattern }: a measurement outside { $low } to { $high }.
}

# Patterns on record, by their words in conf/case
pattern-reserves-of-the-core-in-may-2021 = reserves, May 2021
pattern-attacks-claimed-worldwide-in-2020 = attacks claimed, 2020
pattern-best-year-of-the-largest-campaign = best year of the largest campaign
pattern-largest-campaign-as-a-multiple-of-the-median-one = largest campaign against the usual one
pattern-share-of-illicit-flows-that-is-seized = share of illicit money seized
pattern-largest-false-claim-as-a-multiple-of-the-truth = largest false claim of a tracing firm
pattern-elasticity-of-attacks-to-income-for-1-large-group = % of attacks for 1% of money, large group
pattern-elasticity-of-attacks-to-income-for-1-living-on-gifts = % of attacks for 1% of money, group living on gifts
pattern-elasticity-of-attacks-to-income-for-1-external-network = % of attacks for 1% of money, network abroad
pattern-a-ban-designation-weakens-a-group-that-lives-on-gifts = a ban weakens a group living on gifts
pattern-a-ban-designation-does-nothing-to-a-group-with-local-revenue = a ban spares a group with local revenue
pattern-news-of-arrests-and-freezes-deters-hardly-any-gift-to-campaigns = news of arrests deters few donors
pattern-attacks-claimed-worldwide-january-to-november-2023 = attacks claimed, 2023
pattern-attacks-claimed-worldwide-first-half-of-2024 = attacks claimed, early 2024
pattern-attacks-claimed-in-syria-2020 = attacks in Syria, 2020
pattern-attacks-claimed-in-iraq-2022 = attacks in Iraq, 2022
pattern-attacks-claimed-in-syria-2022 = attacks in Syria, 2022
pattern-attacks-claimed-in-somalia-2022 = attacks in Somalia, 2022
pattern-attacks-claimed-in-khorasan-2021 = attacks in Khorasan, 2021
pattern-attacks-claimed-in-khorasan-2022 = attacks in Khorasan, 2022
pattern-fighters-in-khorasan-january-2022 = fighters in Khorasan, 2022
pattern-attacks-claimed-in-iraq-and-syria-first-half-of-2024 = attacks in Iraq and Syria, 2024
pattern-fighters-in-iraq-and-syria-july-2023 = fighters in Iraq and Syria, 2023
pattern-fighters-in-iraq-and-syria-july-2024 = fighters in Iraq and Syria, 2024
pattern-fighters-at-lake-chad-june-2025 = fighters at Lake Chad, 2025
pattern-claims-worldwide-fell-2018-to-2020 = attacks fell, 2018 to 2020
pattern-claims-worldwide-fell-2022-to-2023 = attacks fell, 2022 to 2023
pattern-claims-in-iraq-fell-2020-to-2022 = Iraq: fell, 2020 to 2022
pattern-claims-in-syria-fell-2020-to-2022 = Syria: fell, 2020 to 2022
pattern-claims-in-iraq-fell-2022-to-2023 = Iraq: fell, 2022 to 2023
pattern-claims-in-syria-fell-2022-to-2023 = Syria: fell, 2022 to 2023
pattern-claims-in-somalia-fell-2018-to-2022 = Somalia: fell, 2018 to 2022
pattern-claims-in-khorasan-rose-2020-to-2022 = Khorasan: rose, 2020 to 2022
pattern-claims-in-khorasan-fell-2022-to-2023 = Khorasan: fell, 2022 to 2023
pattern-claims-at-lake-chad-fell-2022-to-2023 = Lake Chad: fell, 2022 to 2023
pattern-claims-in-the-philippines-rose-2022-to-2023 = Philippines: rose, 2022 to 2023
pattern-given-to-the-campaign-february-2019-to-july-2020 = gifts to the campaign, to July 2020
pattern-fighters-in-syria-november-2019 = fighters in Syria, 2019
pattern-attacks-in-syria-march-2018-to-june-2020-more-than = attacks in Syria, 2018 to 2020
pattern-frozen-or-seized-in-2020 = frozen or seized, 2020
pattern-fighters-in-syria-march-2021 = fighters in Syria, 2021
pattern-fighters-in-syria-july-2025 = fighters in Syria, 2025
pattern-given-in-a-privacy-coin-of-which-nothing-is-on-record = gifts in a privacy coin
pattern-sums-on-the-addresses-when-they-were-seized = sums on seized addresses
pattern-exponent-of-deaths-in-an-attack-insurgent-wars = deaths in an attack, insurgent wars
pattern-exponent-of-deaths-in-an-attack-terrorism-worldwide = deaths in an attack, worldwide
pattern-deaths-in-an-attack-from-which-that-holds = deaths in a severe attack
pattern-rank-correlation-of-deaths-in-an-attack-with-fighters = deaths in an attack against fighters
pattern-share-of-attacks-in-iraq-triggered-by-earlier-ones = attacks triggered by earlier ones, Iraq
pattern-share-of-attacks-that-a-public-database-has-2018 = attacks in a public database, 2018
pattern-attacks-in-iraq-2018 = attacks in Iraq, 2018
pattern-attacks-in-iraq-2019 = attacks in Iraq, 2019
pattern-attacks-in-iraq-first-quarter-of-2020 = attacks in Iraq, early 2020
pattern-attacks-in-iraq-second-quarter-of-2020 = attacks in Iraq, spring 2020
pattern-reserves-of-the-core-february-2019 = reserves, February 2019
pattern-fighters-in-iraq-and-syria-august-2018 = fighters in Iraq and Syria, 2018
pattern-fighters-in-iraq-and-syria-february-2019 = fighters in Iraq and Syria, 2019
pattern-local-revenue-2015 = local revenue, 2015
pattern-local-revenue-2016 = local revenue, 2016
pattern-a-typical-campaign-before-the-switch = a typical campaign before the switch
pattern-largest-campaign-before-the-switch = largest campaign before the switch
pattern-first-estimate-of-a-year-s-crypto-gifts-over-that-a-year-later = first estimate of crypto gifts against the later one
pattern-bitcoin-given-to-the-news-site-to-june-2020 = bitcoin given to the news site, to June 2020
pattern-fighters-in-iraq-and-syria-in-july-2020 = fighters in Iraq and Syria, 2020
pattern-privacy-coin-where-both-coins-are-taken-donors-who-fear-nothing-2021 = share of the privacy coin, donors without fear, 2021
pattern-privacy-coin-where-both-coins-are-taken-june-2020 = share of the privacy coin, 2020
pattern-privacy-coin-where-both-coins-are-taken-june-2024-at-most-as-at-a-shop-of-enthusiasts = share of the privacy coin, 2024
pattern-worth-of-privacy-to-one-who-is-paid = worth of privacy to those who are paid
pattern-value-lost-over-donors-lost-in-a-forced-move = value lost against donors lost in a forced move
pattern-attacks-claimed-worldwide-in-2018 = attacks claimed, 2018
pattern-largest-false-claim-as-a-multiple-of-the-truth-other-scopes = largest false claim, other scopes
pattern-strikes-on-oil-do-nothing-to-a-group-without-oil = strikes on oil spare a group without oil
pattern-a-careful-vendor-misreads-no-pooled-wallet = a careful tracing firm misreads no shared wallet
pattern-drift-of-gifts-to-one-stablecoin-chain-2016-to-2022 = drift of gifts to one stablecoin, 2016 to 2022
pattern-claimed-over-observed-attacks-first-half-of-2024 = claimed against observed attacks, 2024
pattern-attacks-claimed-in-syria-2018 = attacks in Syria, 2018
pattern-attacks-claimed-in-syria-2019 = attacks in Syria, 2019
pattern-attacks-in-sinai-2018 = attacks in Sinai, 2018
pattern-attacks-claimed-in-somalia-2018 = attacks in Somalia, 2018
pattern-fighters-in-khorasan-august-2018 = fighters in Khorasan, 2018
pattern-fighters-in-khorasan-december-2020 = fighters in Khorasan, 2020
pattern-fighters-in-the-philippines-december-2018 = fighters in the Philippines, 2018
pattern-attacks-claimed-in-khorasan-2020 = attacks in Khorasan, 2020
pattern-attacks-claimed-in-the-sahel-2020 = attacks in the Sahel, 2020
pattern-attacks-claimed-at-lake-chad-2021 = attacks at Lake Chad, 2021
pattern-attacks-claimed-at-lake-chad-2022 = attacks at Lake Chad, 2022
pattern-attacks-claimed-in-central-africa-and-mozambique-2021 = attacks in Central Africa, 2021
pattern-attacks-claimed-in-central-africa-and-mozambique-2022 = attacks in Central Africa, 2022
pattern-attacks-claimed-in-the-sahel-2022 = attacks in the Sahel, 2022
pattern-attacks-claimed-in-the-philippines-2022 = attacks in the Philippines, 2022
pattern-attacks-claimed-worldwide-2021 = attacks claimed, 2021
pattern-attacks-claimed-worldwide-2022 = attacks claimed, 2022
pattern-attacks-claimed-in-sinai-2022 = attacks in Sinai, 2022
pattern-claims-worldwide-fell-2020-to-2022 = attacks fell, 2020 to 2022
pattern-claims-in-syria-fell-2018-to-2019 = Syria: fell, 2018 to 2019
pattern-claims-in-sinai-fell-2022-to-2023 = Sinai: fell, 2022 to 2023
pattern-claims-at-lake-chad-rose-2020-to-2022 = Lake Chad: rose, 2020 to 2022
pattern-claims-in-central-africa-and-mozambique-rose-2020-to-2022 = Central Africa: rose, 2020 to 2022
pattern-attacks-claimed-in-khorasan-january-to-november-2023 = attacks in Khorasan, 2023
pattern-fighters-in-khorasan-december-2025 = fighters in Khorasan, 2025
pattern-given-to-the-recruiting-campaign-2022 = gifts to the recruiting campaign, 2022
pattern-given-to-the-branch-s-own-campaign-january-2022-to-june-2023 = gifts to the branch's campaign, 2022 to 2023
pattern-given-in-a-stablecoin-january-2023-to-june-2026 = gifts in a stablecoin, 2023 to 2026
pattern-share-of-what-is-given-that-comes-in-the-privacy-coin-it-asks-for-october-2023-to-june-2026 = share of the privacy coin asked for, 2023 to 2026
pattern-frozen-in-2026 = frozen, 2026
pattern-given-in-a-privacy-coin-to-2022 = gifts in a privacy coin, to 2022
pattern-listed-addresses-of-the-stablecoin-frozen-the-same-day = listed stablecoin addresses frozen at once
pattern-given-to-the-campaign-february-to-april-2019 = gifts to the campaign, early 2019
pattern-given-to-the-campaign-february-2019-to-may-2021 = gifts to the campaign, to May 2021
pattern-given-to-the-campaign-january-to-may-2021 = gifts to the campaign, early 2021
pattern-given-to-the-campaign-february-2019-to-december-2020 = gifts to the campaign, to 2020
pattern-found-and-taken-in-2023 = found and taken, 2023
pattern-fighters-in-the-strip-before-the-war-september-2023 = fighters in Gaza, 2023
pattern-given-to-the-campaign-after-its-end = gifts to the campaign after its end
pattern-receipts-a-week-doubled-when-each-donor-got-an-address = gifts doubled with an address for each donor
pattern-money-of-a-service-taken-in-the-first-seizure = money of a service in the first seizure
pattern-accounts-seized-since-2021 = accounts seized since 2021
pattern-receipts-of-a-supporting-channel-in-2023 = gifts to a supporting channel, 2023

# How to reproduce
brief-made = Version { $model }, commit { $commit }; { $date }.
brief-runs = Runs: { $runs }; { $unit ->
    [seeds] one set of assumptions (parameters are held), { $replications } seeds: { $seed }
   *[sets] sets of assumptions: { $draws }; seeds: { $seed }
}.
brief-failed = { $failed } of { $runs } runs failed; every number leaves out their pairs.

# Words. Term and meaning
term-set = Set of assumptions
    .meaning = one value for each uncertain number of the model
term-no-change = No change, hardly changes
    .meaning = attacks differ by less than { $margin }
term-confidence = Confidence
    .meaning = high: nearly all { in-sets.unit } agree, for a measured or arithmetic reason; moderate: the reason is judged, or the model misses part of the record; low: { in-sets.unit } disagree, are too few, or rest on what is made up or assumed
term-switch = Switch
    .meaning = the group asks its donors to give in a privacy coin
term-privacy-coin = Privacy coin
    .meaning = a coin whose payments outsiders cannot follow, such as Monero
term-traceability = Traceability
    .meaning = how surely a gift in a coin can be followed to those who give and take it
term-delisting = Delisting
    .meaning = exchanges stop trading a privacy coin
term-hawala = Hawala
    .meaning = brokers who pay out money on trust, without a bank
term-hindered = Lawful payments hindered
    .meaning = payments, stopped, frozen or made dearer, of people who have nothing to do with the group
term-hypothetical = Hypothetical group
    .meaning = a group that is made up, to see where answers could differ

# Appendix of rows, in HTML
brief-row = Row
    .file = File
    .line = Line
    .column = Column
    .value = Value

brief-no-pdf =
    brief.pdf was not made, because libraries of WeasyPrint are missing; brief.html is whole. Install Pango: on Debian and Ubuntu the packages libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0, with Homebrew the package pango. Then run the same command again.

# Slide
brief-slide = A simulation, not a forecast ({ $date }).{ $groups ->
    [none] {""}
   *[other] {" "}Hypothetical: { $groups }.
}
brief-not-modelled = Not in the model: harm to civilians, and the cost of force.

## Figures of briefs

# A draw in a word: by fewer or more attacks than the margin the group is weaker or stronger.
figure-counted = { $word ->
    [lowers] { $count } weaker
    [negligible] { $count } no change
   *[raises] { $count } stronger
}
# With the change of the draw that lies beyond the end of the axis.
figure-far = { figure-counted } (to { $end })
figure-all-counted = { $head }: weaker in { $below }, no change in { $within }, stronger in { $above } of { $of } { in-sets.unit }.
figure-agree = { $agree ->
    [all] in all
    [nearly-all] in nearly all
    [most] in most
    [split] in some
    [few] in few
   *[none] in none
}
figure-of = { $count } of { $of }
# Whose attacks a title is on: those of one group, or of all that the picture shows.
figure-whose = { $every ->
    [yes] every group
   *[no] { $group }
}
figure-switch = { $answer ->
    [lowers] { figure-switch.asking } lowers attacks by { figure-whose }
    [raises] { figure-switch.asking } raises attacks by { figure-whose }
    [no] { figure-switch.asking } hardly changes attacks by { figure-whose }
    [few] Not enough runs yet on { acting }: { figure-whose }
   *[depends] What { acting } does to { figure-whose } depends on the assumptions
}{ $swept ->
    [none] {""}
   *[other] {" "}at { $swept-levels }
}
    .asking = { $arm ->
    [full] A full switch to { $rail }
   *[other] Asking for { $rail }
}
    .row = { $answer ->
    [lowers] { $head }: weaker { figure-agree } ({ figure-of })
    [raises] { $head }: stronger { figure-agree } ({ figure-of })
    [no] { $head }: no change { figure-agree } ({ figure-of })
    [few] { $head }: not enough runs yet (so far weaker in { $below }, stronger in { $above } of { $of })
   *[depends] { $head }: it depends (weaker in { $below }, stronger in { $above } of { $of })
}
    .key = { $dots ->
    [twentieths] Change of attacks (%). A dot: a twentieth of the { in-sets.unit }, a smaller one fewer. Grey: no change, less than { $margin }.
   *[sets] Change of attacks (%). Each dot: one { in-sets.one }. Grey: no change, less than { $margin }.
}
    .because = Because { $because }.
figure-conditions = { $word ->
    [lowers] Shaded: attacks fall in { $inside } of { $of }
   *[raises] Shaded: attacks rise in { $inside } of { $of }
}
    .caption = { $head }: attacks { figure-conditions.verb } in { $inside } of { $of } sets of assumptions where { $where }; elsewhere in { $outside } of { $others }. { figure-conditions.hint }
    .verb = { $word ->
    [lowers] fall
   *[raises] rise
}
    .side = { $side ->
    [high] { $name } is high
   *[low] { $name } is low
}
    .hint = { $hint ->
    [yes] So few sets give a hint, no more.
   *[no] {""}
}
    .key = { $lines ->
    [told] Dot: a set of assumptions (large: more change).
   *[medians] Dot: a set (large: more change). Lines: medians.
}
    .rows = Shown are { $shown } of { $made } sets: each different one once.
    .gain = Above 1 campaigns gain gifts.
figure-traceability = { $reach ->
    [yes] Freezing matters if a coin is traced well
   *[no] Freezing gifts hardly changes attacks
}
    .y = { $head }: change of attacks (%)
    .x = How well gifts are traced (0: not at all, 1: fully)
    .key = Dots: coins now. Grey: no change, below { $margin }.
    .alt = { $rail }: { $now } in attacks by freezing as the coin is, { $most } if it were fully traced.
figure-soon = { $later ->
    [yes] Some effects need time
   *[no] Some effects do not last
}
    .panel = { $policy }, { $group }
    .tally = weaker in { $first }, later { $last } of { $of }
    .key = Change of attacks (%) by weeks. Line: one { in-sets.one }.
    .alt = { $policy }, { $group }: weaker in { $first } of { $of } { in-sets.unit } after { $soon } weeks, in { $last } after { $late }.
figure-tiles =
    .word = { $word ->
    [agrees] agrees
    [possible] possible
   *[disagrees] disagrees
}

## Document and slide

document-sources = Each number above links to its row here: file, line and name, then columns with their full values.
document-source = { $file }, line { $line }{ $id ->
    [none] {""}
   *[other] {" "}({ $id })
}: { $values }
document-value = { $column } { $value }
template-unreadable = template={ $file }: is not a Word document (.docx) that can be opened; save it in Word as .docx
office-missing = form=pptx: needs a package that is not installed; type: make setup-dev, or pip install '.[office]'

## Explorer

explorer-title = Explore the results
explorer-kicker = { $study }, { $date }. A simulation, not a forecast.
explorer-how = Choose a group and a policy. Dots are sets of assumptions. Sliders show where an answer holds.
explorer-group = Group
explorer-arm = Appeal
explorer-outcome = Outcome
explorer-strength = Strength
explorer-window = Weeks after the switch
explorer-language = Language
explorer-switch = Asking for { $rail }
explorer-full = full ({ $strength })
explorer-of-rate = Attacks
explorer-of-hindered = Lawful payments hindered
explorer-of-delivered = Money that arrives
explorer-of-capacity = Attack capacity

## Explorer: the sentence

explorer-counts = { $outcome ->
    [rate] attacks fall in { $below }, rise in { $above }, hardly change in { $within }
    [hindered] lawful payments hindered fall in { $below }, rise in { $above }, do not change in { $within }
    [delivered] the money that arrives falls in { $below }, rises in { $above }, does not change in { $within }
   *[other] attack capacity falls in { $below }, rises in { $above }, hardly changes in { $within }
}
explorer-view = { $policy }: of { $of } sets of assumptions, { $counts }.
explorer-where = Where { $conditions } ({ $count } of { $of }): { $counts }.
explorer-between = { $name } lies between { $low } and { $high }
explorer-and = { $first } and { $second }
explorer-median = Median: { $median }.
explorer-median-of = Median: { $median }. Attacks a week with no appeal and no policy: { $base }.
explorer-no-change = no change
explorer-a-week = { $amount } USD a week
explorer-none-left = No set of assumptions lies in this range.
explorer-few = Only { $count } sets lie in this range: too few to say anything.
explorer-hint = { $draws } sets: a hint.
explorer-price = Lawful payments hindered (median): { $amount }.
explorer-hint-why = Below 200 sets, only conditions named beforehand are offered: others would match by accident.

## Explorer: panels

explorer-policies = Policies
explorer-policies-how = A dot is a set of assumptions; grey: { $margin ->
    [none] no change
   *[other] changes within { $margin }
}.
explorer-elsewhere = { $count ->
    [one] One more policy was run at a strength of { $strength }, not of { $now }.
   *[other] { $count } more policies were run at a strength of { $strength }, not of { $now }.
}
explorer-of-sets = of { $of } sets
explorer-policy = Policy
explorer-dots = Change
explorer-falls = Falls
explorer-within = Hardly changes
explorer-rises = Rises
explorer-middle = Median
explorer-harm = Lawful payments hindered
explorer-part = at least { $amount } (a part is not modelled)
explorer-part-none = none in the part that is modelled
explorer-depends = What it depends on
explorer-no-conditions = No condition was named beforehand for this study.
explorer-across = Across
explorer-upwards = Upwards
explorer-matter = What matters for this answer
explorer-others = Others
explorer-still = All { $of } sets: { $outcome ->
    [rate] attacks hardly change
    [capacity] attack capacity hardly changes
   *[other] no change
}. Choose another group or policy.
explorer-show = Show: { $name }
explorer-axes = Across: { $across }. Upwards: { $upwards }.
explorer-change = the change
explorer-from = from
explorer-to = to
explorer-reset = Show all sets
explorer-paths = Paths
explorer-paths-weeks = Change against no appeal or no policy, mean over { $mean } weeks, every { $every } weeks; a line is a set.
explorer-paths-windows = Change over { $windows } weeks after the switch; a line is a set.
explorer-no-paths = This view has one window alone.
explorer-choice = Compare two policies
explorer-choice-how = Right and low is best. Numbers are those of the first table; small dots are sets of assumptions of A and B.
explorer-choice-axes = Across: fall of attacks. Upwards: lawful payments hindered, USD a week.
explorer-first = A
explorer-second = B
explorer-beats = { $first } beats { $second } in { $won } of { $of }; it is beaten in { $lost }, and hardly differs in { $even }.
explorer-cheaper = { $first } hinders less lawful money in { $won } of { $of }, more in { $lost }.
explorer-unknown-harm = Harm is not modelled for one of them.
explorer-not-modelled = not modelled
explorer-harm-unknown = harm not modelled
explorer-not-run = not in these runs
explorer-not-modelled-of = Not modelled: harm of { $policies }.
explorer-off-scale = Beyond this scale: { $policy }, { $amount }.
explorer-edge = Sets beyond this scale, at its edge: { $count }; the farthest at { $amount }.
explorer-data = Data and citation
explorer-view-data = The data of this view
explorer-set = Set
explorer-csv = Download this view as CSV
explorer-thinned = To stay below 1 MB, this file leaves out: { $left }.
explorer-left-paths = paths
explorer-left-windows = windows but { $window } weeks
explorer-left-outcomes = outcomes but attacks and lawful payments
explorer-left-arms = appeals but the main one
explorer-rounding = Its changes are rounded to { $step }.
explorer-cite = How to cite
explorer-citation = { $study }. insurgent-financing-sim, version { $version }, commit { $commit }, { $date }. { $runs } runs, { $draws } sets of assumptions.
explorer-command = Command
explorer-licences = Made with D3, Observable Plot (ISC licence) and Fluent (Apache License 2.0).

## Terminal

# In a brief of several studies: a fact in which they differ, and its value in each
brief-differs = The studies differ in { $fact ->
    [window] the weeks after the switch
    [switch] the day of the switch
    [margin] the change that counts
    [model] their version
    [commit] their commit
   *[drawn-from] how assumptions are drawn
}, so their numbers cannot be compared as they are: { $levels }.
brief-repeated = { $count ->
    [one] 1 finding is in several studies
   *[other] { $count } findings are in several studies
}; this brief shows the first of each, beginning with { $first }.

# In a text of a user's own
brief-counted = { $count } of { $of }
brief-less = less than { $limit }
