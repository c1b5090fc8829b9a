# كلّ ما يقوله الموجز بالعربية
#
# Terms are those of a report in the press and of the field. Numbers have Latin digits and their minus before them.
# Do not set a prefix (ل، ب، ك) before a placeable: it would not join the word. The waw may stand before one.
# Latin words stand between {"\u2066"} and {"\u2069"}, so that they read from left to right.

## Names of groups, arms, policies, agencies, rails, parameters

study-answer = التحوّل حالةً بحالة وسنةً بسنة
study-attribution = المحافظ المشتركة والإسناد الخاطئ
study-calibrate = ما يتركه السجلّ مفتوحاً
study-choice = اختيار السياسة
study-claims = مبلغ مزعوم بالعملات المشفّرة في ضوء السجلّ
study-headline = عملات الخصوصية والهجمات والسياسات
study-inspiration = الخطاب المضادّ أم القوة أم مكافحة التمويل
study-privacy-switch = عملات الخصوصية والهجمات والسياسات
study-structures = التحوّل في ظلّ قواعد منافسة
study-sweep = أثر التحوّل بتغيّر عامل واحد
study-traceability-sweep = أين تؤثّر قابلية التتبّع
study-validation = النموذج والسجلّ المنشور

group-one = الجماعة
    .gender = feminine
    .what = الجماعة التي تتناولها هذه الدراسة
group-is-core = الجماعة الكبيرة
    .gender = feminine
    .what = تنظيم الدولة في العراق وسوريا، مع ولاياته في الخارج
group-donor-funded = الجماعة المعتمدة على التبرّعات
    .gender = feminine
    .what = جماعة متخيّلة قوامها 150 مقاتلاً تعيش على التبرّعات
group-external-network = الشبكة في الخارج
    .gender = feminine
    .what = خلايا متخيّلة صغيرة في الخارج، نصفها يموّل نفسه بنفسه
group-khorasan = فرع خراسان
    .gender = masculine
    .what = تنظيم الدولة في خراسان كما ورد في السجلّ المنشور
group-qassam = كتائب القسّام
    .gender = feminine
    .what = حملة تبرّعات بالبيتكوين بين 2019 و2023 كما وردت في السجلّ المنشور
group-alqaeda = شبكة القاعدة
    .gender = feminine
    .what = شبكة من 155 عنواناً في سوريا صودرت في عام 2020
hypothetical = { $gender ->
    [feminine] { $group } (المتخيّلة)
   *[masculine] { $group } (المتخيّل)
}

arm-none = من دون تحوّل
    .where = من دون التحوّل
arm-announcement = إعلان (للمتبرّعين الخيار)
    .where = إذا كان الخيار للمتبرّعين
arm-asked = طلب (تبقى الوسائل القديمة متاحة)
    .where = إذا بقيت العملات القديمة متاحة
arm-full = تحوّل كامل (لا يبقى تبرّع على الوسيلة القديمة)
    .where = إذا لم يبقَ تبرّع على الوسيلة القديمة
arm-with = مع التحوّل
    .where = مع التحوّل
arm-placebo = تحوّل صوري (إلى نسخة مطابقة من البيتكوين)
    .where = إذا انتقلت جميع التبرّعات إلى نسخة مطابقة من البيتكوين

mix = { $first } مع { $others }
policy-status-quo = الإجراءات القائمة
    .gender = feminine
    .what = يستمرّ ما هو قائم اليوم من دون أيّ إضافة إليه.
policy-exchange-kyc = التحقّق من هوية عملاء منصّات التداول
    .gender = masculine
    .what = تُلزم الجهات الرقابية منصّات التداول ومعالجي المدفوعات بالتحقّق من هوية عملائهم، فتضيق الفجوة مع التحقّق الصارم بنسبة بين { $low } و{ $high }.
policy-privacy-delisting = شطب عملات الخصوصية من منصّات التداول
    .gender = masculine
    .what = تحمل الجهات الرقابية ما بين { $low } و{ $high } من الوسطاء على شطب عملات الخصوصية.
policy-chain-analytics = تحليل سلسلة الكتل
    .gender = masculine
    .what = تتتبّع فرق التحليل مسار العملات، فتضيق الفجوة مع التتبّع الكامل بنسبة بين { $low } و{ $high }.
policy-issuer-freezing = تجميد العملات المستقرة لدى مُصدِريها
    .gender = masculine
    .what = تطلب وحدة التحريات المالية من المُصدِرين تجميد العملات، فتضيق الفجوة مع التجميد المؤكّد بنسبة بين { $low } و{ $high }.
policy-donor-prosecution = ملاحقة المتبرّعين قضائياً
    .gender = feminine
    .what = تأمر النيابة العامة بتوقيف المتبرّعين المعروفين، فتضيق الفجوة مع التوقيف المؤكّد بنسبة بين { $low } و{ $high }.
policy-hawala-licensing = ترخيص الحوالات
    .gender = masculine
    .what = تُخضع الجهات الرقابية صرّافي الحوالات للترخيص، فتضيق الفجوة مع التحقّق الصارم بنسبة بين { $low } و{ $high }.
policy-channel-takedown = إغلاق قنوات الدعاية
    .gender = masculine
    .what = تعمل جهات الاتصال الحكومي على إغلاق القنوات، فيتراوح عمر القناة بالأسابيع بين { $low } و{ $high }.
policy-revenue-strikes = ضرب مصادر الدخل
    .gender = masculine
    .what = تدمّر القوات المسلّحة في الأسبوع ما بين { $low } و{ $high } من الطاقة الإنتاجية النفطية.
policy-decapitation = استهداف القيادات
    .gender = masculine
    .what = تقتل القوات المسلّحة ما بين { $low } و{ $high } من القادة في السنة.
policy-kinetic-pressure = الضغط العسكري
    .gender = masculine
    .what = تقتل القوات المسلّحة أو تأسر نسبة إضافية من المقاتلين في الأسبوع تتراوح من { $low } إلى { $high }. ويُفترض أن تقلّ فرص شنّ الهجمات بنسبة تتراوح من { $opportunity-low } إلى { $opportunity-high }.
policy-counter-inspiration = الخطاب المضادّ
    .gender = masculine
    .what = تخفض جهات الاتصال الحكومي التعاطف في المدى البعيد بنسبة بين { $low } و{ $high }.
policy-counter-finance = مكافحة التمويل
    .gender = feminine
    .what = تُستخدم معاً جميع السياسات الموجّهة ضدّ التمويل.
policy-adaptive = التوزيع المرن للموظّفين
    .gender = masculine
    .what = تنقل الجهات المعنية موظّفيها إلى حيث تظهر الأدلة.

agency-none = لا أحد
    .gender = masculine
agency-fiu = وحدة التحريات المالية
    .gender = feminine
agency-chain-analyst = فرق تحليل سلسلة الكتل
    .gender = feminine
agency-regulator = الجهات الرقابية
    .gender = feminine
agency-prosecutor = النيابة العامة
    .gender = feminine
agency-communicators = جهات الاتصال الحكومي
    .gender = feminine
agency-military = القوات المسلّحة
    .gender = feminine

rail-bank = التحويلات المصرفية
    .gender = feminine
rail-bitcoin = البيتكوين
    .gender = masculine
rail-cash = النقد
    .gender = masculine
rail-every = العملات
    .gender = feminine
rail-hawala = الحوالات
    .gender = feminine
rail-monero = مونيرو
    .gender = feminine
rail-new-coin = عملة جديدة
    .gender = feminine
rail-stablecoin = العملات المستقرة
    .gender = feminine

theatre-abroad = الخارج
theatre-central-africa = وسط أفريقيا
theatre-gaza = غزة
theatre-iraq = العراق
theatre-khorasan = خراسان
theatre-lake-chad = بحيرة تشاد
theatre-philippines = الفلبين
theatre-sahel = منطقة الساحل
theatre-sinai = سيناء
theatre-somalia = الصومال
theatre-syria = سوريا

outcome-capacity = القدرة على شنّ الهجمات
outcome-rate = معدّل الهجمات
outcome-rate-core = معدّل هجمات النواة
outcome-rate-network = معدّل هجمات الشبكة
outcome-attacks = الهجمات
outcome-inspired = الهجمات المستوحاة في الخارج
outcome-delivered = الأموال الواصلة
outcome-campaign-given = تبرّعات الحملات العلنية
outcome-seized = الأموال المصادرة
outcome-frozen = أموال الجماعة المجمّدة
outcome-fighters = المقاتلون
outcome-sympathy = التعاطف
outcome-true-attributions = حالات الإسناد الصحيح
outcome-false-attributions = حالات الإسناد الخاطئ
outcome-wasted-cases = القضايا المتوقّعة بشأن أموال مشروعة
outcome-wasted-staff = أسابيع العمل المتوقّع صرفها على أموال مشروعة
outcome-lawful-frozen = الأموال المشروعة المجمّدة
outcome-lawful-hindered = المدفوعات المشروعة المعرقَلة
outcome-harm = الأموال المشروعة المعرقَلة أو المجمّدة

structure-default = قواعد هذا النموذج
structure-own-constant = قد يفضّل المتبرّعون العملة الجديدة
structure-whole-wallet = يطال التجميد المحفظة كلّها
structure-displacement = من يُردّ تبرّعه يتبرّع بطريق آخر
structure-ces = لا يكاد المقاتلون يعوّضون عن المال ولا المال عنهم
structure-lumpy = لا هجوم من دون توافر كلفته
structure-backlash = قد تستفزّ القوة هجمات
structure-rerouting = تختار الجماعة مساراتها
structure-every-event = يبلغ المتبرّعين خبر كلّ توقيف وتجميد
structure-arrests-only = لا يبلغ المتبرّعين إلا خبر التوقيف
structure-unheard = لا يبلغ المتبرّعين خبر توقيف ولا تجميد
structure-repelled = تنفّر الجرائم المتبرّعين
structure-former = القواعد السابقة
structure-rivals = القواعد المنافسة كلّها
structure-cash = يُنقل المال نقداً

parameter-product = { $a } إلى جانب { $b }
parameter-gifts-kept = نسبة ما يبقى للحملات من تبرّعاتها
parameter-campaign-share = حصة الحملات من الأموال
parameter-adaptation-no-coin = ما تتوقّعه الجماعة إذا لم تطلب أيّ عملة
parameter-backlash-attacks = أثر الضغط في فرص شنّ الهجمات
parameter-backlash-by-arrests = أثر التوقيفات في التعاطف
parameter-backlash-by-force = أثر القوة في التعاطف
parameter-backlash-by-leaders = أثر فقدان القيادات في التعاطف
parameter-campaigns-audience-lost = الجمهور الذي تفقده قناة مغلقة
parameter-campaigns-rebuild = بطء عودة الجمهور
parameter-campaigns-sigma = مدى تفاوت أحجام الحملات
parameter-choice-ask = مدى استجابة المتبرّعين للعملة المطلوبة
parameter-choice-closing = مدى اعتياد المتبرّعين على عملة جديدة
parameter-choice-closing-speed = سرعة اعتياد المتبرّعين على عملة جديدة
parameter-choice-cost = مدى نفور المتبرّعين من الكلفة
parameter-choice-habit = قوة عادات المتبرّعين
parameter-choice-risk = مدى نفور المتبرّعين من المخاطرة
parameter-choice-skill = مدى نفور المتبرّعين من صعوبة العملة
parameter-combat-attack-cost = كلفة هجوم إضافي
parameter-combat-branching = نسبة الهجمات التي تحرّكها هجمات سابقة
parameter-combat-excitation-decay = مدّة تحريك الهجوم لهجمات أخرى
parameter-combat-money = مدى اعتماد الهجمات على المال
parameter-combat-people = مدى اعتماد الهجمات على المقاتلين
parameter-combat-severe-exponent = ندرة الهجمات الشديدة الفتك
parameter-combat-substitution = مدى تعويض المقاتلين عن المال
parameter-effects-chain-analytics = مدى تحسين تحليل سلسلة الكتل للتتبّع
parameter-effects-channel-takedown = عمر القنوات في ظلّ الإغلاق
parameter-effects-counter-inspiration = مدى تراجع التعاطف بفعل الخطاب المضادّ
parameter-effects-decapitation = عدد القادة المقتولين
parameter-effects-delisting-spread = زيادة كلفة عملات الخصوصية بفعل الشطب
parameter-effects-donor-prosecution = مدى وصول الملاحقة القضائية إلى المتبرّعين
parameter-effects-exchange-kyc = مدى صرامة منصّات التداول
parameter-effects-hawala-licensing = مدى صرامة الصرّافين المرخّصين
parameter-effects-issuer-freezing = مدى تجميد المُصدِرين للعملات
parameter-effects-kinetic-opportunity = مدى تقليص الضغط لفرص شنّ الهجمات
parameter-effects-kinetic-pressure = خسائر المقاتلين الإضافية بفعل الضغط
parameter-effects-leader-know-how = الخبرة المفقودة بفقدان قائد
parameter-effects-leader-recovery = بطء تعويض القائد
parameter-effects-licensing-leave = نسبة الصرّافين المنسحبين تجنّباً للترخيص
parameter-effects-licensing-spread = زيادة كلفة الحوالات بفعل الترخيص
parameter-effects-privacy-delisting = نسبة الوسطاء الذين يشطبون عملات الخصوصية
parameter-effects-revenue-strikes = الطاقة النفطية التي تدمّرها الضربات
parameter-effects-strike-repair = سرعة إصلاح المنشآت النفطية
parameter-effects-takedown-audience = الجمهور الذي يُفقد بإغلاق القناة
parameter-enforcement-arrest = احتمال توقيف متبرّع معروف الهوية
parameter-enforcement-forfeiture = بطء تحوّل التجميد إلى مصادرة
parameter-enforcement-hops = عدد التحويلات التي يلزم تتبّعها
parameter-enforcement-lookalike = نسبة التحويلات المشروعة الشبيهة بتحويلات الجماعة
parameter-enforcement-off-ledger = معدّل اكتشاف التبرّعات من خارج سلسلة الكتل
parameter-enforcement-records-examined = عدد السجلّات المصرفية التي تُفحص
parameter-enforcement-sanctions = معدّل إفضاء الأدلة إلى عقوبات
parameter-enforcement-staff-chain-analyst = عدد محلّلي سلسلة الكتل
parameter-enforcement-transfers-examined = عدد التحويلات التي يفحصها المحلّل
parameter-enforcement-vendor-false-positive = معدّل إسناد تحويل مشروع إلى الجماعة خطأً
parameter-enforcement-vendor-recall = نسبة ما يُكشف من تحويلات الجماعة
parameter-giving-displaced = نسبة من يتبرّعون بطريق آخر بعد ردّهم
parameter-giving-large-exponent = ندرة التبرّعات الضخمة
parameter-giving-large-share = حصة التبرّعات الكبيرة
parameter-giving-median = حجم التبرّع المعتاد
parameter-giving-network-rate = معدّل التبرّع تلبيةً لنداءات الشبكات
parameter-giving-public-rate = معدّل التبرّع للحملات العلنية
parameter-giving-repelled = مدى نفور المتبرّعين من الجرائم
parameter-giving-sigma = مدى تفاوت أحجام التبرّعات
parameter-giving-visibility = نسبة من يصلهم النداء من الراغبين في التبرّع
parameter-group-arrears = نسبة المقاتلين المغادرين عند انقطاع الأجور
parameter-group-cells-revenue-tax = الضرائب في { $place }
parameter-group-drawdown = سرعة إنفاق الجماعة من احتياطيها
parameter-group-holding-cost = كلفة السيطرة على الأرض
parameter-group-hop-cost = كلفة التحويل داخل الجماعة
parameter-group-hop-seen = احتمال إيقاف تحويل داخل الجماعة
parameter-group-leaving = نسبة المقاتلين المغادرين رغم تقاضي الأجور
parameter-group-operations = حاجة العمليات إلى المال
parameter-group-outflow = سرعة تآكل الاحتياطي
parameter-group-protection = مدى تقديم الأجور على العمليات
parameter-group-recruits = معدّل التجنيد
parameter-group-rejoin = معدّل عودة المقاتلين السابقين
parameter-group-remit = نسبة ما ترسله الولايات من دخلها المحلي
parameter-group-renewal = معدّل تجديد الجماعة لمحافظها
parameter-group-replacement = مدى تعويض الابتزاز عن التبرّعات المفقودة
parameter-group-replacement-time = بطء تعويض الابتزاز عن التبرّعات المفقودة
parameter-group-reserves = احتياطي الجماعة
parameter-group-routing = نسبة أموال الحملات التي تذهب مباشرة إلى الخلايا
parameter-group-saving = نسبة ما تدّخره الجماعة من فائضها
parameter-group-skim = نسبة ما يُقتطع من المال في طريقه
parameter-group-wage = أجر المقاتل
parameter-inspiration-elsewhere = مدى إلهام الهجمات في أماكن أخرى
parameter-inspiration-hearsay = مدى انتقال الأخبار بين المجتمعات
parameter-inspiration-inherited = مدى انتقال مخاطر العملة القديمة إلى الجديدة
parameter-inspiration-memory = مدّة بقاء التعاطف
parameter-inspiration-pause = مدّة توقّف المتبرّع بعد ردّ تبرّعه
parameter-inspiration-publicity = مدى تغذية الهجمات للتعاطف
parameter-inspiration-risk-memory = مدّة تذكّر المتبرّعين لحالات التوقيف والتجميد
parameter-inspiration-salience = مدى تخويف التوقيف أو التجميد للمتبرّعين
parameter-intermediaries-compliant = نسبة الدول الملتزمة
parameter-intermediaries-concentration = مدى هيمنة كبار الوسطاء على السوق
parameter-intermediaries-lost = نسبة العملاء الذين يتوقّفون عند إغلاق خدمتهم
parameter-intermediaries-moving = بطء انتقال العملاء إلى خدمة أخرى
parameter-intermediaries-pool-jumps = معدّل تضخّم محفظة مشتركة
parameter-population-literacy-a = نسبة المتبرّعين المتمكّنين من العملات
parameter-population-literacy-b = نسبة المتبرّعين غير المتمكّنين من العملات
parameter-population-propensity-shape = مدى تفاوت سخاء المتبرّعين
parameter-rails-constant = مدى إقبال المتبرّعين على { $rail }
parameter-rails-gap = مدى تفضيل المتبرّعين للعملة السابقة على { $rail }
parameter-rails-traceability-freeze = نسبة ما يمكن تجميده من { $rail }
parameter-rails-traceability-lag = المدّة التي يستغرقها تتبّع التبرّعات عبر { $rail }
parameter-rails-traceability-link = قابلية تتبّع { $rail }
parameter-rails-volatility = مدى تقلّب سعر { $rail }
parameter-rails-volume = حصة { $rail } من التداول المشروع
parameter-screening-block = نسبة ما يُردّ من التبرّعات المشتبه فيها
parameter-screening-suspicion = احتمال الاشتباه في تبرّع
parameter-shocks-monero-only-size = نسبة المتبرّعين المفقودين
parameter-theatres-know-how = خبرة الخلايا في { $place }

## Numbers, counts and lists

no-change = لا يُذكر
not-defined = غير محدّد
no-interval = لا مجال
interval = من { $low } إلى { $high }
more = { $count } أخرى
millions = { $count ->
    [zero] { $digits } مليون
    [one] { $digits } مليون
    [two] { $digits } مليون
    [few] { $digits } ملايين
    [many] { $digits } مليون
   *[other] { $digits } مليون
}
billions = { $count ->
    [zero] { $digits } مليار
    [one] { $digits } مليار
    [two] { $digits } مليار
    [few] { $digits } مليارات
    [many] { $digits } مليار
   *[other] { $digits } مليار
}

unit-usd = { $count ->
    [zero] { $digits } دولار
    [one] { $digits } دولار
    [two] { $digits } دولار
    [few] { $digits } دولارات
    [many] { $digits } دولاراً
   *[other] { $digits } دولار
}
unit-usd-week = { unit-usd } في الأسبوع
unit-usd-year = { unit-usd } في السنة
unit-attacks = { $count ->
    [zero] { $digits } هجوم
    [one] هجوم واحد
    [two] هجومين
    [few] { $digits } هجمات
    [many] { $digits } هجوماً
   *[other] { $digits } هجوم
}
unit-attacks-week = { unit-attacks } في الأسبوع
unit-attacks-year = { unit-attacks } في السنة
unit-claims = { unit-attacks }
unit-deaths = { $count ->
    [zero] { $digits } قتيل
    [one] قتيل واحد
    [two] قتيلين
    [few] { $digits } قتلى
    [many] { $digits } قتيلاً
   *[other] { $digits } قتيل
}
unit-times = { $count ->
    [zero] { $digits } ضعف
    [one] ضعف واحد
    [two] ضعفين
    [few] { $digits } أضعاف
    [many] { $digits } ضعفاً
   *[other] { $digits } ضعف
}
unit-correlation = { $digits }
unit-exponent = { $digits }
unit-gifts-week = { $count ->
    [zero] { $digits } تبرّع
    [one] تبرّع واحد
    [two] تبرّعين
    [few] { $digits } تبرّعات
    [many] { $digits } تبرّعاً
   *[other] { $digits } تبرّع
} في الأسبوع
unit-persons = { $count ->
    [zero] { $digits } شخص
    [one] شخص واحد
    [two] شخصين
    [few] { $digits } أشخاص
    [many] { $digits } شخصاً
   *[other] { $digits } شخص
}
unit-weeks = { $count ->
    [zero] { $digits } أسبوع
    [one] أسبوع واحد
    [two] أسبوعين
    [few] { $digits } أسابيع
    [many] { $digits } أسبوعاً
   *[other] { $digits } أسبوع
}
unit-sets = { $count ->
    [zero] { $digits } مجموعة افتراضات
    [one] مجموعة افتراضات واحدة
    [two] مجموعتَي افتراضات
    [few] { $digits } مجموعات افتراضات
    [many] { $digits } مجموعة افتراضات
   *[other] { $digits } مجموعة افتراضات
}
unit-runs = { $count ->
    [zero] { $digits } محاكاة
    [one] محاكاة واحدة
    [two] محاكاتين
    [few] { $digits } عمليات محاكاة
    [many] { $digits } عملية محاكاة
   *[other] { $digits } عملية محاكاة
}

tally = { $side ->
    [none] بلا تغيّر
    [lower] أدنى
   *[higher] أعلى
} في { $count } من أصل { $of }{ $sampled ->
    [none] {""}
    [seeds] {" "}من عمليات المحاكاة
   *[draws] {" "}من مجموعات الافتراضات
}

## Findings: answers, because, confidence, price

vendor-kind = { $vendor ->
    [careful] الحذرة
    [eager] المتسرّعة
    [loud] الصاخبة
    [sharp] الدقيقة
   *[other] { $vendor }
}

in-sets = { $unit ->
    [seeds] في { $agree ->
        [all] جميع عمليات المحاكاة المكرّرة ({ $count })
       *[other] { $count } من أصل { $of } من عمليات المحاكاة المكرّرة
    } لمجموعة افتراضات واحدة
   *[sets] { in-sets.counted }
}
    .counted = { $agree ->
    [all] في جميع { in-sets.unit }
    [nearly-all] في الغالبية العظمى من { in-sets.unit }
    [most] في معظم { in-sets.unit }
    [split] في بعض { in-sets.unit }
    [few] في قلّة من { in-sets.unit }
   *[none] لكن ليس في أيّ { in-sets.one }
} ({ $count } من أصل { $of })
    .unit = { $unit ->
    [seeds] عمليات المحاكاة
   *[sets] مجموعات الافتراضات
}
    .one = { $unit ->
    [seeds] عملية محاكاة
   *[sets] مجموعة افتراضات
}
acting = { $kind ->
    [policy] { $policy }
   *[switch] { $arm ->
        [announcement] طلب التبرّع عبر { $rail }
        [full] التحوّل الكامل إلى { $rail }
       *[other] { $where ->
            [none] طلب التبرّع عبر { $rail }
           *[other] طلب التبرّع عبر { $rail } ({ $where })
        }
    }
}
acts = { $kind ->
    [policy] { $policy-gender ->
        [feminine] { $side ->
            [lowers] تخفض
            [raises] تزيد
           *[no] لا تكاد تغيّر
        }
       *[masculine] { $side ->
            [lowers] يخفض
            [raises] يزيد
           *[no] لا يكاد يغيّر
        }
    }
   *[switch] { $side ->
        [lowers] يخفض
        [raises] يزيد
       *[no] لا يكاد يغيّر
    }
}
swept-at = { $swept ->
    [none] {""}
   *[other] عند { $swept-levels }، {""}
}
swept-other = { $swept ->
    [none] {""}
    [same] {" "}والإجابة هي نفسها عند جميع القيم الأخرى.
   *[other] {" "}وعند { $swept-to } { $swept-verdict ->
        [lowers] تتراجع الهجمات بنسبة { $swept-size }
        [raises] ترتفع الهجمات بنسبة { $swept-size }
        [no] لا تكاد الهجمات تتغيّر
        [few] لا تكفي عمليات المحاكاة للحكم
       *[depends] قد تتراجع الهجمات أو ترتفع
    }؛ وتختلف الإجابة في { $swept-count } من أصل { $swept-of } من القيم الأخرى.
}
finding-effect = { swept-at }{ $answer ->
    [few] عمليات المحاكاة لا تكفي بعد. وحتى الآن، { acting } { acts } هجمات { $group } { in-sets }.
    [depends] { acting } { acts } هجمات { $group } { in-sets }.{ $depends-on ->
        [unknown] {""}
       *[other] {" "}ويتوقّف ذلك على { $depends-on }.
    }{ $side ->
        [lowers] { $above ->
            [0] {""}
           *[other] {" "}وترتفع الهجمات في { $above }.
        }
        [raises] { $below ->
            [0] {""}
           *[other] {" "}وتتراجع الهجمات في { $below }.
        }
       *[no] {""}
    }
   *[other] { acting } { acts } هجمات { $group } { in-sets }.
}{ $because ->
    [none] {""}
   *[other] {" "}السبب: { $because }.
}{ swept-other }
    .title = { $swept ->
    [other] أثر { acting } يتوقّف على { $swept-names }
   *[none] { $answer ->
        [few] المحاكاة لا تكفي بعد: { acting }، { $group }
        [depends] أثر { acting } في { $group } يتوقّف على الافتراضات
       *[other] { acting } { acts } هجمات { $group }
    }
}
    .alt = { $group }: { acting }. تتراجع الهجمات في { $below }، ولا تكاد تتغيّر في { $within }، وترتفع في { $above }، من أصل { $of } من { in-sets.unit }.
finding-switch = { finding-effect }
    .title = { finding-effect.title }
    .alt = { finding-effect.alt }
finding-policy = { finding-effect }
    .title = { finding-effect.title }
    .alt = { finding-effect.alt }
after-window = بعد { $window ->
    [zero] { $window } أسبوع
    [one] أسبوع واحد
    [two] أسبوعين
    [few] { $window } أسابيع
    [many] { $window } أسبوعاً
   *[other] { $window } أسبوع
}
finding-soon = { after-window }، { acting } { acts } هجمات { $group } { in-sets }.
    .title = { after-window }، { acting } { acts } هجمات { $group }
    .alt = { after-window }: { finding-effect.alt }
finding-turn = { $first ->
    [none] { $hint ->
        [yes] مجموعات الافتراضات ({ $draws }) لا تكفي لمعرفة ما يتوقّف عليه أثر التحوّل في { $group }.
       *[no] لا يفسّر أيّ افتراض بعينه أثر التحوّل في { $group }.{ finding-turn.where }
    }
   *[other] أثر التحوّل في { $group } يتوقّف قبل كلّ شيء على { $first }.{ finding-turn.more }
}
    .more = { $second ->
    [none] {""}
   *[other] {" "}ويليه في الأهمية { $second }.
}{ finding-turn.where }{ $hint ->
    [yes] {" "}ومجموعات الافتراضات قليلة ({ $draws })، فهذا مؤشّر لا أكثر.
   *[no] {""}
}
    .where = { $turn ->
    [sign] {" "}وينقلب اتجاه الأثر حيث «{ $axis }» يساوي { $at }.
    [falls] {" "}وتتراجع الهجمات غالباً حيث «{ $axis }» { finding-turn.side } { $at }.
    [rises] {" "}وترتفع الهجمات غالباً حيث «{ $axis }» { finding-turn.side } { $at }.
   *[other] {""}
}
    .side = { $side ->
    [more] فوق
   *[less] دون
}
    .title = { $first ->
    [none] { $hint ->
        [yes] مجموعات الافتراضات أقلّ من أن تبيّن ما يتوقّف عليه الأثر في { $group }
       *[no] أثر التحوّل في { $group } لا يتوقّف على أيّ افتراض بعينه
    }
   *[other] لدى { $group } يتوقّف الأثر على { $first }
}
tried = { $tried ->
    [all] {""}
    [zero] {""}
    [one] من بين السياسات المجرّبة (سياسة واحدة)، {""}
    [two] من بين السياستين المجرّبتين، {""}
    [few] من بين { $tried } سياسات مجرّبة، {""}
    [many] من بين { $tried } سياسةً مجرّبة، {""}
   *[other] من بين { $tried } سياسة مجرّبة، {""}
}
finding-choice = { $among ->
    [all] { tried }إذا حُسبت الهجمات وحدها، فأكثر ما يتيح تفاديها من { $group } هو { $policy }.
   *[without_force] { $staff ->
        [any] { tried }من دون استخدام القوة، الخيار الأقلّ تفويتاً لتفادي هجمات { $group } هو { $policy }.
       *[other] { tried }من دون استخدام القوة وبعدد { $staff } من أسابيع العمل في الأسبوع، الخيار الأقلّ تفويتاً لتفادي هجمات { $group } هو { $policy }.
    }
} { $harm-modelled ->
    [yes] الهجمات المتفاداة (الوسيط): { $averted } من أصل { $base } في الأسبوع.
    [part] الهجمات المتفاداة (الوسيط): { $averted } من أصل { $base } في الأسبوع. الضرر اللاحق بالآخرين محسوب جزئياً فقط، فهذا ليس توصية.
   *[no] { finding-unpriced }
} وفي تسع من كلّ عشر مجموعات، { $regretted ->
    [yes] لا تتجاوز زيادة الهجمات المتفاداة بأيّ خيار آخر { $extra } في الأسبوع (من { $extra-low } إلى { $extra-high })
   *[no] لا يتيح أيّ خيار آخر تفادي أكثر من ذلك
}.{ $hinders-most ->
    [yes] {" "}وهو أيضاً الخيار الأكثر عرقلةً للمدفوعات المشروعة.
   *[no] {""}
}
    .title = { $among ->
    [all] إذا حُسبت الهجمات وحدها، فأكثر ما يتيح تفاديها من { $group } هو { $policy }
   *[other] من دون القوة، الخيار الأقلّ تفويتاً لتفادي هجمات { $group }: { $parts ->
        [zero] { $policy }
        [one] { $policy }
        [two] الجمع بين سياستين
        [few] الجمع بين { $parts } سياسات
        [many] الجمع بين { $parts } سياسةً
       *[other] الجمع بين { $parts } سياسة
    }
}
finding-unpriced = الضرر اللاحق بالآخرين غير محسوب، فهذا ليس توصية.
finding-value = { $question ->
    [verdict] أثر التحوّل في { $group } موضع شكّ.
   *[policy] السياسة الأنسب ضد { $group } موضع شكّ.
} وعدم اليقين بشأن { $parameter } يفسّر { $amount } من تباين نتائج المجموعات ({ $span }).
    .title = قياس { $parameter }
finding-law = { $reach ->
    [never] بالافتراضات المعتمدة، أثر تجميد التبرّعات في هجمات { $group } دون { $margin } مهما بلغت قابلية التتبّع عبر { $rail }.
    [now] بالافتراضات المعتمدة وبقابلية التتبّع الحالية عبر { $rail }، يخفض تجميد التبرّعات هجمات { $group } بنسبة { $lost }.
   *[later] بالافتراضات المعتمدة، تجميد التبرّعات عبر { $rail } لا يُضعف { $group } إلا متى رُبط { $threshold } من التحويلات بمصدرها.
}
    .title = { $reach ->
    [never] تجميد التبرّعات عبر { $rail } لا يكاد يُضعف { $group }
   *[other] تجميد التبرّعات عبر { $rail } قد يُضعف { $group }
}

because-campaigns = الحملات تجلب أقلّ من { $most } من المال المُنفَق في جميع { in-sets.unit }
because-kept = يبقى للحملات { $kept } من تبرّعاتها (من { $low } إلى { $high })
because-spread = الحملات تجلب من { $low } إلى { $high } من المال بحسب الافتراضات
because-money = إنفاق الجماعة { because-moves }
because-fighters = عدد المقاتلين { because-moves }
because-know-how = مستوى خبرة الخلايا { because-moves }
because-opportunity = يُفترض أنّ الضغط يقلّص فرص شنّ الهجمات
because-idle = لا شيء هنا يمكن أن يطاله الأثر
because-moves = { $moves ->
    [falls] يتراجع بنسبة { $size }
    [rises] يرتفع بنسبة { $size }
   *[same] لا يكاد يتغيّر
}

confidence = { $confidence ->
    [high] درجة الثقة: عالية، لأنّ { $reason }.
    [moderate] درجة الثقة: متوسطة، لأنّ { $reason }.
    [low] درجة الثقة: منخفضة، لأنّ { $reason }.
   *[none] درجة الثقة: لم تتحدّد بعد، لأنّ { $reason }.
}
confidence-agree = نتائج { in-sets.unit } متّفقة كلّها تقريباً
confidence-arithmetic = السبب حسابي محض
confidence-measured = السبب مقيس
confidence-assumed = الإجابة تستند إلى افتراضات
confidence-few = عدد عمليات المحاكاة قليل
confidence-few-draws = عدد مجموعات الافتراضات قليل
confidence-hypothetical = الجماعة متخيّلة
confidence-judgement = الإجابة تستند إلى التقدير
confidence-luck = المصادفة تخفي مدى اتّفاق { in-sets.unit }
confidence-rules = قواعد أخرى تعطي إجابة مختلفة
confidence-size-assumed = أثر القوة مفترَض
confidence-harm-assumed = حجم التجارة المشروعة مفترَض
confidence-one-assumption = الثمن يقوم على افتراض واحد
confidence-one-set = مجموعة افتراضات واحدة فقط جُرّبت
confidence-pattern = النموذج يخالف جزءاً من سجلّ الجماعة
confidence-split = نتائج { in-sets.unit } متباينة

rules = في ظلّ قواعد أخرى، { $side ->
    [lowers] تتراجع
    [raises] ترتفع
   *[no] لا تكاد تتغيّر
} هجمات { $group } في { $rules-same ->
    [yes] { $rules-usual } من أصل { $rules-of } أيضاً
   *[no] { $rules-least } إلى { $rules-most } من أصل { $rules-of }، وفي ظلّ القواعد المعتادة في { $rules-usual }
}{ $rules-against ->
    [0] {""}
   *[other] {"؛ "}{ $side ->
        [lowers] وترتفع
       *[raises] وتتراجع
    } في ما يصل إلى { $rules-against }
}.

price = { $harm-modelled ->
    [no] الضرر اللاحق بالآخرين غير مشمول في النموذج.
    [part] { $hinders ->
        [yes] تزيد المدفوعات المشروعة المعرقَلة { $harm } دولار في الأسبوع على الأقلّ ({ $harm-share } عمّا هي اليوم)، في سوق مفترَضة الحجم.
       *[no] لم يثبت أنّ المدفوعات المشروعة المعرقَلة تزيد. وجزء من الضرر غير مشمول في النموذج.
    }
   *[yes] { $harm-verdict ->
        [raises] تزيد المدفوعات المشروعة المعرقَلة { $harm } دولار في الأسبوع (نحو { $harm-share } عمّا هي اليوم)، في سوق مفترَضة الحجم.
        [negligible] لا تكاد المدفوعات المشروعة المعرقَلة تزيد عمّا هي اليوم.
       *[other] لم يثبت أنّ المدفوعات المشروعة المعرقَلة تزيد عمّا هي اليوم.
    }
} { $priced ->
    [yes] كلفة الموظّفين { $cost } دولار في السنة.
    [part] كلفة الموظّفين { $cost } دولار في السنة على الأقلّ.
   *[no] لا يوجد سعر منشور لكلفة الموظّفين.
}

own-count = ({ $count } من أصل { $of })
own-of = { $agree ->
    [all] جميع
    [nearly-all] الغالبية العظمى من
    [most] معظم
    [few] قلّة من
    [none] صفر من
   *[split] بعض
}
own-sets = { $agree ->
    [none] من دون أن يصحّ ذلك في أيّ من
   *[other] في { own-of }
} { $unit ->
    [seeds] عمليات المحاكاة
   *[sets] المجموعات
} { own-count }
own-does = { $side ->
    [lowers] يخفض
    [raises] يزيد
   *[negligible] لا يكاد يغيّر
}

own-span = { $spanned ->
    [yes] {" \u200F"}({ $span })
   *[no] {""}
}
own-reason = { $because ->
    [none] {""}
   *[other] {" "}السبب: { $because }.
}

because-illicit-share = لا يتجاوز غير المشروع { $share } من العملات المشفّرة في السجلّ
because-misread = تُحسب { $share } من قفزات المحافظ المشتركة أموالاً للجماعة
because-crypto = تتلقّى الجماعة حقاً { $given } دولار بالعملات المشفّرة
because-vendor-frozen = يزيد المجمَّد من أموال الجماعة { $given } دولار في الأسبوع
because-record = الأرقام المنشورة هي المقياس
because-market = يُفترض أن تستوعب تلك السوق { $money } دولار في الأسبوع
because-sympathy = المال ينضب في أسابيع، والتعاطف يخبو على مدى سنوات
because-force = القوة تُخرج المقاتلين فوراً، والتعاطف يتغيّر ببطء
because-core = في النواة معظم المقاتلين والمال
because-rules = شُغّل النموذج في ظلّ كلّ قاعدة من هذه القواعد
because-law = لا يطال التجميد أكثر مما تتلقّاه الجماعة بهذه العملة
because-donors = يتفاوت المتبرّعون في إقبالهم على العملة
because-fear = للتوقيفات والخوف أثر إلى جانب التجميد
because-gifts = { $less ->
    [yes] تنقص
   *[no] تزيد
} التبرّعات للحملات بمقدار { $given } دولار في الأسبوع
because-averted = عدد الهجمات معها { because-moves }
because-same = السياسة نفسها هي الفضلى في الحالتين
because-weeks = يُقال إنّ المبلغ ورد في غضون { $weeks } من الأسابيع
because-dated = حذفها يغيّر الإجابة بأقلّ من { $margin }
because-loss = أقصى ما يضيفه الخيار الآخر تفادي { $share } من الهجمات
because-waiting = تستمرّ الهجمات إلى أن يظهر الأثر
because-privacy = لا فرق سوى خصوصية العملة
because-measured = لا تُحتسب إلا المجموعات التي ترتبط فيها الهجمات بالمال كما قيس

question-attribution = هل يوثق بما تنسبه شركة تتتبّع المحافظ المشتركة، ومن تتّهم الشركة المتسرّعة؟
attribution-hit = ما تنسبه الشركة { vendor-kind } أقرب إلى الخطأ منه إلى الصواب { own-sets }.{ own-reason }
    .title = { $agree ->
    [all] { attribution-hits } أقرب إلى الخطأ منه إلى الصواب
    [nearly-all] { attribution-hits } أقرب إلى الخطأ منه إلى الصواب
    [most] { attribution-hits } أقرب إلى الخطأ منه إلى الصواب
    [split] صحّة ما تنسبه الشركة { vendor-kind } تتوقّف على الافتراضات
   *[few] { attribution-hits } أقرب إلى الصواب منه إلى الخطأ
}
attribution-hits = ما تنسبه الشركة { vendor-kind }
attribution-innocent = حين لا يكون لأيّ جماعة أيّ مال، عدد أسابيع السنة التي تتّهم فيها الشركة { vendor-kind } محافظ بريئة: { $amount }{ own-span }.{ own-reason }
    .title = الشركة { vendor-kind } تتّهم محافظ بريئة
attribution-overstated = ما تنسبه الشركة { vendor-kind } إلى { $group } يعادل الحقيقة مضروبةً في { $amount }{ own-span }.{ own-reason }
attribution-frozen = في مواجهة { $group }، يؤدّي الأخذ بما تنسبه الشركة { vendor-kind } إلى تجميد أموال مشروعة إضافية: { $amount }{ own-span }.{ own-reason }
attribution-attacks = الأخذ بما تنسبه الشركة { vendor-kind } { own-does } هجمات { $group } { own-sets }.{ own-reason }

question-claims = هل يتّفق المبلغ المزعوم بالعملات المشفّرة مع السجلّ المنشور، وما الذي يتطلّبه؟
claims-sum = { $judged ->
    [rejected] السجلّ يستبعد { claims-what } ({ claims-how }).
    [hardly-compatible] السجلّ لا يكاد يجيز { claims-what } ({ claims-how }).
    [compatible] السجلّ يؤيّد { claims-what } ({ claims-how }).
    [the-record-is-silent] السجلّ لا يقول شيئاً عن { claims-what } ({ claims-how }).
   *[inconclusive] المحاكاة غير كافية للحكم على { claims-what } ({ claims-how }).
}{ own-reason }
    .title = { $judged ->
    [rejected] السجلّ يستبعد { claims-what }
    [hardly-compatible] السجلّ لا يكاد يجيز { claims-what }
    [compatible] السجلّ يؤيّد { claims-what }
    [the-record-is-silent] السجلّ لا يقول شيئاً عن { claims-what }
   *[inconclusive] المحاكاة غير كافية بعد للحكم على { claims-what }
}
claims-what = مبلغ مزعوم قدره { $sum } { $scale ->
    [billion] مليار دولار
    [million] مليون دولار
   *[one] دولار
} عبر { $rail }
claims-how = { $judged ->
    [inconclusive] مجموعات الافتراضات التي تسنده: { $effective }
   *[other] { $than ->
        [same] احتمال السجلّ سواء مع هذا المبلغ ومن دونه
       *[other] احتمال السجلّ مع هذا المبلغ { $than ->
            [less] أقلّ
           *[more] أكبر
        } { $huge ->
            [yes] بأكثر من مليون مرّة
           *[no] بعدد مرّات يبلغ { $times }
        }
    }
}
claims-limit = { $found ->
    [yes] بدءاً من { $amount }، يستبعد السجلّ أيّ مبلغ مزعوم عبر { $rail }{ own-span }.
    [few] المحاكاة غير كافية: لا تسند المبالغ الكبيرة عبر { $rail } سوى قلّة من مجموعات الافتراضات ({ $effective }).
   *[no] السجلّ لا يستبعد أيّ مبلغ مزعوم عبر { $rail }، ولا أكبر ما جُرّب.
}{ own-reason }
claims-needed = صرف مثل هذا المبلغ عبر { $rail } يتطلّب { $amount }، وهو { $beyond ->
    [yes] أكثر مما يُفترض أن تستوعبه السوق
   *[no] مما يُفترض أن تستوعبه السوق
}.{ own-reason }
claims-cashed = بحلول اليوم الأخير، يكون { $amount } من مثل هذا المبلغ عبر { $rail } قد صُرف نقداً{ own-span }.{ own-reason }

question-inspiration = الخطاب المضادّ أم القوة أم مكافحة التمويل: أيّها يتيح تفادي هجمات أكثر في الأمد القريب، وأيّها في الأمد البعيد؟
inspiration-rival = في مواجهة { $group }، يتيح { policy-counter-inspiration } { $when ->
    [soon] في البداية
   *[late] لاحقاً
} تفادي هجمات { $side ->
    [lowers] أكثر مقارنةً مع
    [raises] أقلّ مقارنةً مع
   *[negligible] بالعدد نفسه تقريباً مقارنةً مع
} { $policy } { own-sets }.{ own-reason }
inspiration-turn = في مواجهة { $group }، يظهر أثر { $policy } أولاً وأثر { policy-counter-inspiration } لاحقاً { own-sets }.{ own-reason }
    .title = { $agree ->
    [all] { inspiration-first }
    [nearly-all] { inspiration-first }
    [most] { inspiration-first }
   *[split] أيّ السياسات يظهر أثره أولاً في مواجهة { $group } وأيّها لاحقاً: يتوقّف ذلك على الافتراضات
}
inspiration-first = في مواجهة { $group }، يظهر أثر { $policy } أولاً وأثر { policy-counter-inspiration } لاحقاً
inspiration-core = مع { $policy }، يكون تراجع هجمات النواة { $side ->
    [raises] أكبر من تراجع
    [lowers] أقلّ من تراجع
   *[negligible] بقدر تراجع
} هجمات الشبكة { own-sets }.{ own-reason }

question-structures = هل تتوقّف الإجابة على قاعدة من قواعد النموذج، أم تصمد في ظلّ قواعد منافسة؟
structures-rules = { $agree ->
    [none] من دون أن يصحّ ذلك في ظلّ أيّ من
   *[other] في ظلّ { own-of }
} القواعد { own-count }
structures-switch = { structures-arm } { $judged ->
    [lowers] يخفض هجمات
    [raises] يزيد هجمات
    [negligible] لا يكاد يغيّر هجمات
    [depends] قد يغيّر هجمات
   *[inconclusive] يحتاج إلى مزيد من المحاكاة لمعرفة أثره في هجمات
} { $group } { structures-rules }.{ own-reason }
structures-arm = { $arm ->
    [announcement] إعلان التحوّل
    [full] التحوّل الكامل
   *[privacy] عامل الخصوصية وحده
}
structures-policy = مع { $policy }، تتراجع هجمات { $group } { structures-rules }.{ own-reason }

question-traceability = أين تؤثّر قابلية تتبّع العملة، ومن أيّ طريق؟
traceability-cannot = مهما بلغت قابلية تتبّع العملة، { $agree ->
    [none] لا يوجد زوج من جماعة وعملة يظلّ فيه أثر التجميد طفيفاً
   *[other] لا أثر يُذكر للتجميد في { own-of } أزواج الجماعات والعملات
} { own-count }.{ own-reason }
    .title = { $agree ->
    [all] التجميد لا يكاد يؤثّر مهما بلغت قابلية تتبّع العملة
   *[most] التجميد لا يؤثّر إلا في جماعات قليلة حيث يسهل تتبّع العملة
}
traceability-from = يُضعف التجميد { $group } متى أمكن ربط { $amount } من التبرّعات عبر { $rail } بأصحابها{ own-span }.{ own-reason }
traceability-now = بقابلية التتبّع الحالية عبر { $rail }، يُضعف التجميد { $group } { own-sets }.{ own-reason }
traceability-keeps = بعد { $arm ->
    [announcement] إعلان التحوّل
    [asked] طلب العملة الجديدة
   *[full] التحوّل الكامل
}، يبقى لحملات { $group } { $amount } من تبرّعاتها (وتضعف الجماعة إذا قلّت النسبة عن {"\u2066"}{ $threshold }%{"\u2069"}).{ own-reason }
traceability-traced = { $road ->
    [freezing] بالتجميد وحده، التتبّع الكامل
   *[all] التتبّع الكامل
} عبر { $rail } { own-does } هجمات { $group } { own-sets }.{ own-reason }

question-validation = هل النموذج جدير بالثقة، وأين يتّفق مع السجلّ المنشور؟
validation-agrees = لدى { $group }، { $agree ->
    [none] لا يعيد النموذج إنتاج أيّ من
   *[other] يعيد النموذج إنتاج { own-of }
} الأنماط التي لم يُعايَر عليها { own-count }.{ own-reason }
    .title = { $agree ->
    [none] لا يعيد النموذج إنتاج أيّ من
   *[other] يعيد النموذج إنتاج { own-of }
} الأنماط التي لم يُعايَر عليها
validation-possible = ولدى { $group }، { $agree ->
    [none] لا يعيد إنتاج أيّ من
   *[other] يعيد إنتاج { own-of }
} الأنماط الباقية في ظلّ بعض الافتراضات فقط { own-count }.{ own-reason }
validation-disagrees = لدى { $group }، { $agree ->
    [none] لا يخالف النموذج أيّاً من
   *[other] يخالف النموذج { own-of }
} الأنماط التي لم يُعايَر عليها { own-count }.{ own-reason }

question-calibration = ماذا يقول السجلّ عن الافتراضات، وما الذي يبقى رهناً بالتقدير؟
calibration-ruled-out = { $agree ->
    [none] لا يستبعد السجلّ أيّاً من
   *[other] يستبعد السجلّ { own-of }
} مجموعات الافتراضات { own-count }.{ own-reason }
    .title = { $agree ->
    [none] لا يستبعد السجلّ أيّاً من
   *[other] يستبعد السجلّ { own-of }
} مجموعات الافتراضات
calibration-moved = { $agree ->
    [none] لا يضيّق السجلّ مجال أيّ من
   *[other] يضيّق السجلّ مجال { own-of }
} الافتراضات { own-count }.{ own-reason }
calibration-judgement = { $agree ->
    [none] لا يترك السجلّ للتقدير أيّاً من
   *[other] يترك السجلّ للتقدير { own-of }
} الافتراضات { own-count }.{ own-reason }
calibration-learned = أكثر ما يوضحه السجلّ هو «{ $parameter }»: يزيل { $amount } من التباين.{ own-reason }
calibration-predicted = بما يوضحه السجلّ، { $agree ->
    [none] لا يعيد النموذج إنتاج أيّ من
   *[other] يعيد النموذج إنتاج { own-of }
} أرقام السجلّ { own-count }.{ own-reason }
calibration-held = بقيمه المعتادة، يبعد النموذج عن أسوأ أرقامه مطابقةً بعدد من الأخطاء المعيارية يبلغ { $amount }.{ own-reason }
    .title = النموذج بقيمه المعتادة في ضوء السجلّ

question-sweep = كيف يتغيّر أثر التحوّل والسياسات بتغيّر عامل واحد؟
sweep-acts = { $contrast ->
    [switch] { $arms ->
        [one] التحوّل
       *[several] { $arm-words }
    }
   *[policy] { $policy }
}
    .more = { $strongest ->
        [raises] زيادة الهجمات الناتجة عن { sweep-acts } { $moves ->
            [more] أكبر
           *[less] أصغر
        }
       *[lowers] خفض الهجمات الناتج عن { sweep-acts } { $moves ->
            [more] أكبر
           *[less] أصغر
        }
    } بعدد من النقاط المئوية يبلغ { $amount }
    .span = { $spanned ->
        [yes] {" "}({ $size-span }{ $side ->
            [negligible] {" "}نقطة مئوية
           *[other] {""}
        })
       *[no] {""}
    }
sweep-along = { $side ->
    [negligible] أثر { sweep-acts } في الهجمات لا يكاد يختلف عند «{ $parameter }» بين القيمتين { $than } و{ $level }{ sweep-acts.span }
   *[other] { sweep-acts.more } عند «{ $parameter }» بقيمة { $level } مقارنةً بقيمة { $than }{ sweep-acts.span }
}{ $reaches ->
    [at] ، ويبلغ الأثر { $least } عند { $reach } (من { $reach-low } إلى { $reach-high })
   *[nowhere] {""}
}.
sweep-between = «{ $parameter }» بقيمة { $level } بدلاً من { $than }: { $side ->
    [negligible] أثر { sweep-acts } في الهجمات لا يكاد يختلف{ sweep-acts.span }
   *[other] { sweep-acts.more }{ sweep-acts.span }
}.

question-answer = ما أثر التحوّل في كلّ جماعة وفي كلّ تاريخ، وأيّ سياسة تتصدّى له؟
answer-cases = { $agree ->
    [none] لا ينطبق على أيّ حالة أو سنة القول إنّ{" "}
   *[other] {""}
}{ answer-arm } { $judged ->
    [lowers] يخفض الهجمات
    [raises] يزيد الهجمات
    [negligible] لا يكاد يغيّر الهجمات
    [depends] قد يغيّر الهجمات
   *[inconclusive] يحتاج إلى مزيد من المحاكاة
}{ $agree ->
    [none] {""}
   *[other] {" "}في { own-of } الحالات والسنوات
} { own-count }.{ own-reason }
answer-arm = { $arm ->
    [announcement] إعلان التحوّل
    [asked] طلب العملة الجديدة
   *[full] التحوّل الكامل
}
answer-most = أكبر ما يُحدثه { answer-arm } من تغيّر في الهجمات هو لدى { $group } في عام { $year }: { $change }{ own-span }.{ own-reason }
answer-best = { $force ->
    [yes] من بين السياسات المجرّبة
   *[no] من دون استخدام القوة
}، السياسة التي تتيح تفادي أكبر عدد من الهجمات { $agree ->
    [none] ليست { $policy } في أيّ من
   *[other] هي { $policy } في { own-of }
} الحالات والسنوات { own-count }.{ own-reason }
answer-dated = { $agree ->
    [none] عدد عمليات المحاكاة لا يكفي للحكم على أثر تغيّرات القانون أو السوق في تواريخها { own-count }.
   *[other] لا تكاد تغيّرات القانون أو السوق في تواريخها تبدّل الإجابة في { own-of } الحالات { own-count }.
}{ own-reason }

question-choice = أيّ سياسة هي الأقلّ مدعاةً للندم، أيّاً كانت الحقيقة؟
choice-ignored = { $by ->
    [switch] تجاهل التحوّل
   *[rules] الأخذ بقاعدة أخرى
} { $agree ->
    [none] لا يغيّر الخيار الأفضل في مواجهة { $group } في أيّ من
   *[other] يغيّر الخيار الأفضل في مواجهة { $group } في { own-of }
} الحالات { own-count }.{ own-reason }
choice-late = في مواجهة { $group }: مع تأخّر { $policy } تقلّ الهجمات المتفاداة بمقدار { $amount } (من أصل { $of-all }).{ own-reason }

question-privacy-switch =
    إذا نقلت جماعة نداءها العلني لجمع المال من عملة قابلة للتتبّع إلى عملة خصوصية، فماذا يتغيّر في هجماتها، وأيّ سياسة تتصدّى لذلك؟
privacy-alone = عامل الخصوصية وحده { own-does } هجمات { $group } { own-sets }.{ own-reason }
privacy-record = إذا كانت صلة الهجمات بالمال كما في السجلّ، فإنّ التحوّل { own-does } هجمات { $group } { own-sets }.{ own-reason }

## Brief

brief-partial = توقّف التشغيل قبل اكتماله: يستند هذا الموجز إلى { $made } من أصل { $of } من { in-sets.unit } المقرّرة.
brief-kicker = { $title } · { $date } · محاكاة لا تنبّؤ
brief-title = { $title }، { $hypothetical ->
    [yes] بخلاف جماعة متخيّلة
   *[no] { $all ->
        [yes] والأثر مختلف في سواها
       *[no] والأثر مختلف في جماعة أخرى
    }
}
    .none = ما تُظهره المحاكاة

brief-bottom-line = الخلاصة
brief-do = ما يُنصح به
brief-consider = ما يمكن النظر فيه (والثقة منخفضة)
brief-do-not = ما لا يُنصح به
brief-no-use = ما لم يظهر له أثر في الهجمات في هذا النموذج
brief-ask = ما ينبغي معرفته
brief-policies = من يستطيع التحرّك، وما أثر تحرّكه
brief-depends = علامَ يتوقّف الأثر
brief-traceability = أين تؤثّر قابلية التتبّع
brief-soon = الأثر العاجل والأثر الآجل
brief-own = ما تُظهره المحاكاة
brief-limits = حدود النموذج
brief-record = النموذج والسجلّ المنشور
brief-minds = ما الذي قد يغيّر هذه الاستنتاجات
brief-again = كيفية إعادة الدراسة
brief-terms = مصطلحات
brief-measures = السياسات
brief-rows = مصدر كلّ رقم

brief-same = وينطبق ذلك أيضاً على { $groups }.
brief-most = { tried }السياسة الأكثر خفضاً لهجمات { $group }: { $policy }، بمقدار { $averted } من أصل { $base } في الأسبوع ({ $count } من أصل { $of } حالة).
brief-harm = { $policy }: عرقلة مدفوعات مشروعة بنحو { $harm } دولار في الأسبوع{ $ranged ->
    [yes] {" "}(من { $low } إلى { $high })
   *[no] {""}
}. { $beyond ->
    [yes] وفي المقابل تفادي { $averted } من أصل { $base } من هجمات { $group } في الأسبوع (الوسيط).
   *[no] ولا تكاد هجمات { $group } تتغيّر (الوسيط).
}
brief-do-point = { $policy }: تقلّ هجمات { $group } بمقدار { $averted } من أصل { $base } في الأسبوع ({ $count } من أصل { $of } حالة).
brief-do-none = من دون استخدام القوة، لا سياسة معلومة الأذى تخفض هجمات { $group } بأكثر من { $margin } (الوسيط).
brief-do-not-point = { $policy } ({ $agency }): لا تكاد هجمات { $group } تتغيّر. والثمن عرقلة مدفوعات مشروعة بقيمة { $harm } دولار في الأسبوع{ $harm-verdict ->
    [raises] {""}
   *[other] ، أي بزيادة لا تُذكر عن اليوم
}.
brief-made-up = وتتراجع هجمات { $group } في { $below } من أصل { $of }.
brief-at = الإجابات عند { $levels }، ما لم تُذكر قيمة أخرى.
brief-key = { $unit ->
    [seeds] مجموعة الافتراضات واحدة، وعمليات المحاكاة لا تختلف إلا بالمصادفة. وأعدادها ليست احتمالات.
   *[sets] مجموعة الافتراضات: قيمة واحدة لكلّ رقم غير مؤكّد. وأعداد المجموعات ليست احتمالات.
}
brief-when = الهجمات هي هجمات فترة المحاكاة بعد { $day } (المدّة: { $weeks })، وكلمة «اليوم» تعني الإجراءات القائمة حينها.
brief-asking = { $mode ->
    [full] التحوّل الكامل إلى { $rail }: لا يبقى تبرّع على الوسيلة القديمة؛ فإمّا أن يأتي عبر { $rail } وإمّا أن يُفقد مع المتبرّع به.
    [asked] طلب التبرّع عبر { $rail }: الجماعة تطلبه وتقبل العملات القديمة أيضاً، والمتبرّعون يختارون.
   *[announcement] طلب التبرّع عبر { $rail }: الجماعة تطلب، والمتبرّعون يختارون.
}
brief-group = { $group }: { $what }.

brief-head-policy = الجهة: السياسة
brief-head-averted = الهجمات المتفاداة في الأسبوع، من أصل { $base } ({ $group })
brief-head-soonest = الأسابيع حتى ظهور الأثر
brief-head-harm = المدفوعات المشروعة المعرقَلة (دولار في الأسبوع)
brief-head-cost = كلفة الموظّفين (دولار في السنة)
brief-head-harmed = من يتضرّر أيضاً
brief-policy = { $agency }: { $policy }
brief-strength = { $policy }، بشدّة { $share }
brief-cell = { $answer ->
    [lowers] { brief-cell.split }
    [raises] { brief-cell.split }
    [no] { $agree ->
        [all] بلا تغيّر
       *[other] بلا تغيّر: { $within } من أصل { $of }
    }
    [few] { brief-cell.split }، والمحاكاة ناقصة
   *[depends] { brief-cell.split }
}
    .split = { $above ->
        [0] { $below } من أصل { $of }
       *[other] أقلّ: { $below }، أكثر: { $above }
    }
    .idle = لا أثر هنا
    .missing = لم تُجرَّب
brief-averted = { $averted }
    .none = لا شيء
brief-soonest = { $weeks ->
    [0] لم يظهر
   *[other] { $weeks }
}
brief-harm-cell = { $modelled ->
    [yes] { $harm }
    [part] { $harm } على الأقلّ
   *[no] خارج النموذج
}
    .none = لا شيء
brief-cost = { $priced ->
    [yes] { $cost }
    [part] { $cost } على الأقلّ
   *[no] غير مقدّرة
}
brief-harmed-adaptive = عملاء اشتُبه فيهم خطأً
brief-harmed-chain-analytics = عملاء اشتُبه فيهم خطأً
brief-harmed-channel-takedown = ناشرو محتوى مشروع
brief-harmed-counter-inspiration = خارج النموذج
brief-harmed-decapitation = مدنيون
brief-harmed-donor-prosecution = متبرّعون حسنو النيّة
brief-harmed-exchange-kyc = عملاء بلا وثائق
brief-harmed-hawala-licensing = أسر ترسل المال
brief-harmed-issuer-freezing = حائزون جُمّدت أموالهم خطأً
brief-harmed-kinetic-pressure = مدنيون
brief-harmed-privacy-delisting = مستخدمو العملة لأغراض مشروعة
brief-harmed-revenue-strikes = مدنيون
brief-harmed-other = غير معروف
brief-fewer = السياسات: { $count } من أصل { $of } مجموعة.
brief-rest-idle = سياسات لا تكاد تغيّر الهجمات لدى أيّ جماعة، ولا تعرقل إلا القليل من المدفوعات المشروعة: { $policies }.
brief-rest-unknown = وكذلك سياسات أذاها غير مشمول في النموذج: { $policies }.
brief-rest-less = سياسات أثرها في الهجمات أقلّ مما في الجدول: { $policies }.
brief-mixes = { $count ->
    [zero] لا توليفة
    [one] توليفة واحدة
    [two] توليفتان
    [few] { $count } توليفات
    [many] { $count } توليفة
   *[other] { $count } توليفة
} من السياسات
brief-dots = النقاط هي { $dots ->
    [twentieths] أجزاء من عشرين من { in-sets.unit }، والأصغر أقلّ
   *[sets] { in-sets.unit }
}: الأزرق هجمات أقلّ، والفارغ بلا تغيّر (دون { $margin })، والبرتقالي هجمات أكثر. والعدد لما تقلّ فيه الهجمات.
brief-more = المزيد في الملف {"\u2066"}brief.html{"\u2069"}.

limit-judgement = { $judged } من أصل { $of } من أنواع الأرقام غير المؤكّدة تستند إلى تقدير واضعي النموذج أو ذاكرتهم، لا إلى القياس.
limit-date = ارتفاع الهجمات في العراق قبل التحوّل أُدرج في النموذج بتاريخه، والنموذج لا يفسّره.
limit-campaign = أكبر حملة تبرّعات مسجّلة، وحصيلتها نحو مليوني دولار، تفوق ما يستطيع النموذج محاكاته.
limit-cost = الكلفة هي كلفة الموظّفين وحدهم؛ ولا مصدر يقدّر كلفة القوات المسلّحة أو جهات الاتصال الحكومي.
limit-civilians = الأذى اللاحق بالمدنيين غير مشمول في النموذج. والأرقام المنشورة: ما بين 0.04 و0.23 قتيل مدني في الضربة الواحدة.
limit-hypothetical = لا تقابل { $groups } أيّ جماعة مسجّلة؛ والغرض منها تبيان أين قد تختلف الإجابات.
limit-caveat = هذا نموذج لأرقام إجمالية منشورة، وليس تقييماً للجماعة
limit-forecast = كلّ رقم هو فرق بين عمليات محاكاة، وليس تنبّؤاً، ولا يصف أيّ شخص حقيقي.

brief-record-counts = الأنماط المسجّلة التي لم يُعاير عليها النموذج: { $count }. يتّفق مع { $agrees } منها ويخالف { $disagrees }. أمّا { $possible } فلا يتّفق معها إلا بعض مجموعات الافتراضات (محتمل). والمعروض هنا: { $shown }، بدءاً بما يخالفه.
brief-mind = { $disagrees ->
    [yes] { $pattern }: السجلّ يخالف النموذج من الآن.
   *[no] { $pattern }: قياس يقع خارج المجال بين { $low } و{ $high }.
}

pattern-reserves-of-the-core-in-may-2021 = الاحتياطي، مايو 2021
pattern-attacks-claimed-worldwide-in-2020 = الهجمات المتبنّاة، 2020
pattern-best-year-of-the-largest-campaign = أفضل سنة لأكبر حملة
pattern-largest-campaign-as-a-multiple-of-the-median-one = أكبر حملة قياساً إلى الحملة المعتادة
pattern-share-of-illicit-flows-that-is-seized = نسبة ما صودر من الأموال غير المشروعة
pattern-largest-false-claim-as-a-multiple-of-the-truth = أكبر مبالغة لشركة تتبّع
pattern-elasticity-of-attacks-to-income-for-1-large-group = صلة الهجمات بالمال، الجماعة الكبيرة
pattern-elasticity-of-attacks-to-income-for-1-living-on-gifts = صلة الهجمات بالمال، جماعة تعيش على التبرّعات
pattern-elasticity-of-attacks-to-income-for-1-external-network = صلة الهجمات بالمال، الشبكة في الخارج
pattern-a-ban-designation-weakens-a-group-that-lives-on-gifts = الحظر يُضعف جماعة تعيش على التبرّعات
pattern-a-ban-designation-does-nothing-to-a-group-with-local-revenue = الحظر لا يمسّ جماعة ذات دخل محلي
pattern-news-of-arrests-and-freezes-deters-hardly-any-gift-to-campaigns = أخبار التوقيف لا تكاد تردع المتبرّعين
pattern-attacks-claimed-worldwide-january-to-november-2023 = الهجمات المتبنّاة، 2023
pattern-attacks-claimed-worldwide-first-half-of-2024 = الهجمات المتبنّاة، حتى يونيو 2024
pattern-attacks-claimed-in-syria-2020 = الهجمات في سوريا، 2020
pattern-attacks-claimed-in-iraq-2022 = الهجمات في العراق، 2022
pattern-attacks-claimed-in-syria-2022 = الهجمات في سوريا، 2022
pattern-attacks-claimed-in-somalia-2022 = الهجمات في الصومال، 2022
pattern-attacks-claimed-in-khorasan-2021 = الهجمات في خراسان، 2021
pattern-attacks-claimed-in-khorasan-2022 = الهجمات في خراسان، 2022
pattern-fighters-in-khorasan-january-2022 = المقاتلون في خراسان، 2022
pattern-attacks-claimed-in-iraq-and-syria-first-half-of-2024 = الهجمات في العراق وسوريا، 2024
pattern-fighters-in-iraq-and-syria-july-2023 = المقاتلون في العراق وسوريا، 2023
pattern-fighters-in-iraq-and-syria-july-2024 = المقاتلون في العراق وسوريا، 2024
pattern-fighters-at-lake-chad-june-2025 = المقاتلون عند بحيرة تشاد، 2025
pattern-claims-worldwide-fell-2018-to-2020 = تراجع الهجمات بين 2018 و2020
pattern-claims-worldwide-fell-2022-to-2023 = تراجع الهجمات بين 2022 و2023
pattern-claims-in-iraq-fell-2020-to-2022 = العراق: تراجع بين 2020 و2022
pattern-claims-in-syria-fell-2020-to-2022 = سوريا: تراجع بين 2020 و2022
pattern-claims-in-iraq-fell-2022-to-2023 = العراق: تراجع بين 2022 و2023
pattern-claims-in-syria-fell-2022-to-2023 = سوريا: تراجع بين 2022 و2023
pattern-claims-in-somalia-fell-2018-to-2022 = الصومال: تراجع بين 2018 و2022
pattern-claims-in-khorasan-rose-2020-to-2022 = خراسان: ارتفاع بين 2020 و2022
pattern-claims-in-khorasan-fell-2022-to-2023 = خراسان: تراجع بين 2022 و2023
pattern-claims-at-lake-chad-fell-2022-to-2023 = بحيرة تشاد: تراجع بين 2022 و2023
pattern-claims-in-the-philippines-rose-2022-to-2023 = الفلبين: ارتفاع بين 2022 و2023
pattern-given-to-the-campaign-february-2019-to-july-2020 = تبرّعات الحملة، حتى يوليو 2020
pattern-fighters-in-syria-november-2019 = المقاتلون في سوريا، 2019
pattern-attacks-in-syria-march-2018-to-june-2020-more-than = الهجمات في سوريا، من 2018 إلى 2020
pattern-frozen-or-seized-in-2020 = الأموال المجمّدة أو المصادَرة، 2020
pattern-fighters-in-syria-march-2021 = المقاتلون في سوريا، 2021
pattern-fighters-in-syria-july-2025 = المقاتلون في سوريا، 2025
pattern-given-in-a-privacy-coin-of-which-nothing-is-on-record = التبرّعات بعملة خصوصية
pattern-sums-on-the-addresses-when-they-were-seized = المبالغ في العناوين المصادرة
pattern-exponent-of-deaths-in-an-attack-insurgent-wars = قتلى الهجوم، حروب التمرّد
pattern-exponent-of-deaths-in-an-attack-terrorism-worldwide = قتلى الهجوم، عالمياً
pattern-deaths-in-an-attack-from-which-that-holds = قتلى الهجوم الشديد
pattern-rank-correlation-of-deaths-in-an-attack-with-fighters = قتلى الهجوم قياساً إلى عدد المقاتلين
pattern-share-of-attacks-in-iraq-triggered-by-earlier-ones = الهجمات التي تحرّكها هجمات سابقة، العراق
pattern-share-of-attacks-that-a-public-database-has-2018 = الهجمات في قاعدة بيانات عامة، 2018
pattern-attacks-in-iraq-2018 = الهجمات في العراق، 2018
pattern-attacks-in-iraq-2019 = الهجمات في العراق، 2019
pattern-attacks-in-iraq-first-quarter-of-2020 = الهجمات في العراق، الربع الأول من 2020
pattern-attacks-in-iraq-second-quarter-of-2020 = الهجمات في العراق، الربع الثاني من 2020
pattern-reserves-of-the-core-february-2019 = الاحتياطي، فبراير 2019
pattern-fighters-in-iraq-and-syria-august-2018 = المقاتلون في العراق وسوريا، 2018
pattern-fighters-in-iraq-and-syria-february-2019 = المقاتلون في العراق وسوريا، 2019
pattern-local-revenue-2015 = الدخل المحلي، 2015
pattern-local-revenue-2016 = الدخل المحلي، 2016
pattern-a-typical-campaign-before-the-switch = حملة معتادة قبل التحوّل
pattern-largest-campaign-before-the-switch = أكبر حملة قبل التحوّل
pattern-first-estimate-of-a-year-s-crypto-gifts-over-that-a-year-later = أول تقدير للتبرّعات بالعملات المشفّرة قياساً إلى التقدير اللاحق
pattern-bitcoin-given-to-the-news-site-to-june-2020 = البيتكوين المتبرّع به للموقع الإخباري، حتى يونيو 2020
pattern-fighters-in-iraq-and-syria-in-july-2020 = المقاتلون في العراق وسوريا، 2020
pattern-privacy-coin-where-both-coins-are-taken-donors-who-fear-nothing-2021 = حصة عملة الخصوصية، متبرّعون بلا خوف، 2021
pattern-privacy-coin-where-both-coins-are-taken-june-2020 = حصة عملة الخصوصية، 2020
pattern-privacy-coin-where-both-coins-are-taken-june-2024-at-most-as-at-a-shop-of-enthusiasts = حصة عملة الخصوصية، 2024
pattern-worth-of-privacy-to-one-who-is-paid = قيمة الخصوصية لدى من يتلقّى المال
pattern-value-lost-over-donors-lost-in-a-forced-move = القيمة المفقودة قياساً إلى المتبرّعين المفقودين في انتقال قسري
pattern-attacks-claimed-worldwide-in-2018 = الهجمات المتبنّاة، 2018
pattern-largest-false-claim-as-a-multiple-of-the-truth-other-scopes = أكبر مبالغة لشركة تتبّع، نطاقات أخرى
pattern-strikes-on-oil-do-nothing-to-a-group-without-oil = ضرب النفط لا يمسّ جماعة بلا نفط
pattern-a-careful-vendor-misreads-no-pooled-wallet = شركة تتبّع حذرة لا تخطئ في محفظة مشتركة
pattern-drift-of-gifts-to-one-stablecoin-chain-2016-to-2022 = انتقال التبرّعات إلى عملة مستقرة واحدة، من 2016 إلى 2022
pattern-claimed-over-observed-attacks-first-half-of-2024 = الهجمات المتبنّاة قياساً إلى المرصودة، 2024
pattern-attacks-claimed-in-syria-2018 = الهجمات في سوريا، 2018
pattern-attacks-claimed-in-syria-2019 = الهجمات في سوريا، 2019
pattern-attacks-in-sinai-2018 = الهجمات في سيناء، 2018
pattern-attacks-claimed-in-somalia-2018 = الهجمات في الصومال، 2018
pattern-fighters-in-khorasan-august-2018 = المقاتلون في خراسان، 2018
pattern-fighters-in-khorasan-december-2020 = المقاتلون في خراسان، 2020
pattern-fighters-in-the-philippines-december-2018 = المقاتلون في الفلبين، 2018
pattern-attacks-claimed-in-khorasan-2020 = الهجمات في خراسان، 2020
pattern-attacks-claimed-in-the-sahel-2020 = الهجمات في منطقة الساحل، 2020
pattern-attacks-claimed-at-lake-chad-2021 = الهجمات عند بحيرة تشاد، 2021
pattern-attacks-claimed-at-lake-chad-2022 = الهجمات عند بحيرة تشاد، 2022
pattern-attacks-claimed-in-central-africa-and-mozambique-2021 = الهجمات في وسط أفريقيا، 2021
pattern-attacks-claimed-in-central-africa-and-mozambique-2022 = الهجمات في وسط أفريقيا، 2022
pattern-attacks-claimed-in-the-sahel-2022 = الهجمات في منطقة الساحل، 2022
pattern-attacks-claimed-in-the-philippines-2022 = الهجمات في الفلبين، 2022
pattern-attacks-claimed-worldwide-2021 = الهجمات المتبنّاة، 2021
pattern-attacks-claimed-worldwide-2022 = الهجمات المتبنّاة، 2022
pattern-attacks-claimed-in-sinai-2022 = الهجمات في سيناء، 2022
pattern-claims-worldwide-fell-2020-to-2022 = تراجع الهجمات بين 2020 و2022
pattern-claims-in-syria-fell-2018-to-2019 = سوريا: تراجع بين 2018 و2019
pattern-claims-in-sinai-fell-2022-to-2023 = سيناء: تراجع بين 2022 و2023
pattern-claims-at-lake-chad-rose-2020-to-2022 = بحيرة تشاد: ارتفاع بين 2020 و2022
pattern-claims-in-central-africa-and-mozambique-rose-2020-to-2022 = وسط أفريقيا: ارتفاع بين 2020 و2022
pattern-attacks-claimed-in-khorasan-january-to-november-2023 = الهجمات في خراسان، 2023
pattern-fighters-in-khorasan-december-2025 = المقاتلون في خراسان، 2025
pattern-given-to-the-recruiting-campaign-2022 = التبرّعات لحملة التجنيد، 2022
pattern-given-to-the-branch-s-own-campaign-january-2022-to-june-2023 = تبرّعات حملة الفرع، من 2022 إلى 2023
pattern-given-in-a-stablecoin-january-2023-to-june-2026 = التبرّعات بعملة مستقرة، من 2023 إلى 2026
pattern-share-of-what-is-given-that-comes-in-the-privacy-coin-it-asks-for-october-2023-to-june-2026 = حصة عملة الخصوصية المطلوبة، من 2023 إلى 2026
pattern-frozen-in-2026 = الأموال المجمّدة، 2026
pattern-given-in-a-privacy-coin-to-2022 = التبرّعات بعملة خصوصية، حتى 2022
pattern-listed-addresses-of-the-stablecoin-frozen-the-same-day = عناوين العملة المستقرة التي جُمّدت يوم إدراجها
pattern-given-to-the-campaign-february-to-april-2019 = تبرّعات الحملة، من فبراير إلى أبريل 2019
pattern-given-to-the-campaign-february-2019-to-may-2021 = تبرّعات الحملة، حتى مايو 2021
pattern-given-to-the-campaign-january-to-may-2021 = تبرّعات الحملة، من يناير إلى مايو 2021
pattern-given-to-the-campaign-february-2019-to-december-2020 = تبرّعات الحملة، حتى 2020
pattern-found-and-taken-in-2023 = ما عُثر عليه وصودر، 2023
pattern-fighters-in-the-strip-before-the-war-september-2023 = المقاتلون في غزة، 2023
pattern-given-to-the-campaign-after-its-end = تبرّعات الحملة بعد نهايتها
pattern-receipts-a-week-doubled-when-each-donor-got-an-address = تضاعُف التبرّعات مع تخصيص عنوان لكلّ متبرّع
pattern-money-of-a-service-taken-in-the-first-seizure = أموال خدمة صودرت في أول مصادرة
pattern-accounts-seized-since-2021 = الحسابات المصادرة منذ 2021
pattern-receipts-of-a-supporting-channel-in-2023 = تبرّعات قناة مساندة، 2023

brief-made = الإصدار { $model }، النسخة البرمجية { $commit }؛ { $date }.
brief-runs = عمليات المحاكاة: { $runs }؛ { $unit ->
    [seeds] مجموعة افتراضات واحدة (القيم ثابتة)؛ بذور الأرقام العشوائية: { $seed } (عددها { $replications })
   *[sets] مجموعات الافتراضات: { $draws }؛ بذور الأرقام العشوائية: { $seed }
}.
brief-failed = عمليات المحاكاة التي أخفقت: { $failed } من أصل { $runs }؛ وقد استُبعدت هي وما يقترن بها من كلّ رقم.

term-set = مجموعة افتراضات
    .meaning = قيمة واحدة لكلّ رقم غير مؤكّد في النموذج
term-no-change = بلا تغيّر، لا يُذكر، لا يكاد يغيّر
    .meaning = يقلّ الفرق في الهجمات عن { $margin }
term-confidence = درجة الثقة
    .meaning = عالية: تتّفق نتائج { in-sets.unit } كلّها تقريباً والسبب مقيس أو حسابي؛ متوسطة: السبب تقديري أو النموذج يخالف جزءاً من السجلّ؛ منخفضة: نتائج { in-sets.unit } متباينة أو قليلة العدد، أو تستند إلى ما هو متخيّل أو مفترَض
term-switch = التحوّل
    .meaning = مطالبة الجماعة متبرّعيها بالتبرّع بعملة خصوصية
term-privacy-coin = عملة خصوصية
    .meaning = عملة لا يستطيع طرف ثالث تتبّع مدفوعاتها، مثل مونيرو
term-traceability = قابلية التتبّع
    .meaning = مدى إمكان تتبّع التبرّع وصولاً إلى مرسله ومتلقّيه
term-delisting = الشطب من منصّات التداول
    .meaning = كفّ منصّات التداول عن التعامل بعملة خصوصية
term-hawala = الحوالة
    .meaning = تحويل المال عبر صرّافين يتعاملون بالثقة، من دون مصرف
term-hindered = مدفوعات مشروعة معرقَلة
    .meaning = مدفوعات أُوقفت أو جُمّدت لمن لا صلة لهم بالجماعة
term-hypothetical = جماعة متخيّلة
    .meaning = جماعة وُضعت للدراسة وحدها، لتبيان أين قد تختلف الإجابات

brief-row = المعرّف
    .file = الملف
    .line = السطر
    .column = العمود
    .value = القيمة

brief-no-pdf =
    لم يُنشأ الملف {"\u2066"}brief.pdf{"\u2069"} لأنّ مكتبات {"\u2066"}WeasyPrint{"\u2069"} ناقصة؛ أما {"\u2066"}brief.html{"\u2069"} فكامل. ثبّتوا {"\u2066"}Pango{"\u2069"}: في {"\u2066"}Debian{"\u2069"} و{"\u2066"}Ubuntu{"\u2069"} الحزم {"\u2066"}libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0{"\u2069"}، وفي {"\u2066"}Homebrew{"\u2069"} الحزمة {"\u2066"}pango{"\u2069"}. ثم أعيدوا الأمر نفسه.

brief-slide = محاكاة لا تنبّؤ ({ $date }).{ $groups ->
    [none] {""}
   *[other] {" "}جماعات متخيّلة: { $groups }.
}
brief-not-modelled = غير مشمول في النموذج: الأذى اللاحق بالمدنيين وكلفة استخدام القوة.

## Figures of briefs

figure-counted = { $word ->
    [lowers] هجمات أقلّ: { $count }
    [negligible] بلا تغيّر: { $count }
   *[raises] هجمات أكثر: { $count }
}
figure-far = { figure-counted } (حتى { $end })
figure-all-counted = { $head }: تقلّ الهجمات في { $below }، ولا تكاد تتغيّر في { $within }، وتزيد في { $above }، من أصل { $of } من { in-sets.unit }.
figure-agree = { $agree ->
    [all] في جميع الحالات
    [nearly-all] في الغالبية العظمى من الحالات
    [most] في معظم الحالات
    [split] في بعض الحالات
    [few] في قلّة من الحالات
   *[none] من دون أن يصحّ ذلك في أيّ حالة
}
figure-of = { $count } من أصل { $of }
figure-whose = { $every ->
    [yes] جميع الجماعات
   *[no] { $group }
}
figure-switch = { $answer ->
    [lowers] { figure-switch.asking } يخفض هجمات { figure-whose }
    [raises] { figure-switch.asking } يزيد هجمات { figure-whose }
    [no] { figure-switch.asking } لا يكاد يغيّر هجمات { figure-whose }
    [few] المحاكاة لا تكفي بعد للحكم على { acting }: { figure-whose }
   *[depends] أثر { acting } في { figure-whose } يتوقّف على الافتراضات
}{ $swept ->
    [none] {""}
   *[other] {" "}عند { $swept-levels }
}
    .asking = { $arm ->
    [full] التحوّل الكامل إلى { $rail }
   *[other] طلب التبرّع عبر { $rail }
}
    .row = { $answer ->
    [lowers] { $head }: هجمات أقلّ { figure-agree } ({ figure-of })
    [raises] { $head }: هجمات أكثر { figure-agree } ({ figure-of })
    [no] { $head }: بلا تغيّر { figure-agree } ({ figure-of })
    [few] { $head }: المحاكاة لا تكفي بعد (هجمات أقلّ في { $below }، وأكثر في { $above }، من أصل { $of } حتى الآن)
   *[depends] { $head }: رهن بالافتراضات (هجمات أقلّ في { $below }، وأكثر في { $above }، من أصل { $of })
}
    .key = { $dots ->
    [twentieths] تغيّر الهجمات (%). كلّ نقطة: جزء من عشرين من { in-sets.unit }، والأصغر أقلّ. الرمادي: بلا تغيّر، دون { $margin }.
   *[sets] تغيّر الهجمات (%). كلّ نقطة: { in-sets.one } واحدة. الرمادي: بلا تغيّر، دون { $margin }.
}
    .because = { $because }
figure-conditions = { $word ->
    [lowers] المظلّل: الهجمات أقلّ في { $inside } من أصل { $of }
   *[raises] المظلّل: الهجمات أكثر في { $inside } من أصل { $of }
}
    .caption = { $head }: الهجمات { figure-conditions.verb } في { $inside } من أصل { $of } مجموعة افتراضات حيث { $where }؛ وفي سواها { $outside } من أصل { $others }. { figure-conditions.hint }
    .verb = { $word ->
    [lowers] تتراجع
   *[raises] ترتفع
}
    .side = { $side ->
    [high] «{ $name }» عالي القيمة
   *[low] «{ $name }» متدنّي القيمة
}
    .hint = { $hint ->
    [yes] وهذا العدد القليل من المجموعات إشارة لا أكثر.
   *[no] {""}
}
    .key = { $lines ->
    [told] النقطة: مجموعة افتراضات (الكبيرة: تغيّر أكبر).
   *[medians] النقطة: مجموعة (الكبيرة: تغيّر أكبر). الخطّان: الوسيطان.
}
    .rows = المعروض { $shown } من أصل { $made }: كلّ مجموعة مختلفة مرّة واحدة.
    .gain = فوق 1 تكسب الحملات تبرّعات.
figure-traceability = { $reach ->
    [yes] التجميد يؤثّر حيث يسهل تتبّع العملة
   *[no] تجميد التبرّعات لا يكاد يغيّر الهجمات
}
    .y = { $head }: تغيّر الهجمات (%)
    .x = قابلية تتبّع التبرّعات (0: معدومة، 1: كاملة)
    .key = النقاط: العملات اليوم. الرمادي: بلا تغيّر، دون { $margin }.
    .alt = { $rail }: تغيّر الهجمات بفعل التجميد: { $now } والعملة كما هي، و{ $most } لو كان التتبّع كاملاً.
figure-soon = { $later ->
    [yes] آثار تحتاج إلى وقت
   *[no] آثار لا تدوم
}
    .panel = { $policy }، { $group }
    .tally = هجمات أقلّ: { $first }، ولاحقاً { $last }، من أصل { $of }
    .key = تغيّر الهجمات (%) بحسب الأسابيع. الخطّ: { in-sets.one } واحدة.
    .alt = { $policy }، { $group }: هجمات أقلّ في { $first } من أصل { $of } من { in-sets.unit } بعد { $soon } أسبوعاً، وفي { $last } بعد { $late }.
figure-tiles =
    .word = { $word ->
    [agrees] موافق
    [possible] ممكن
   *[disagrees] مخالف
}

## Document and slide

document-sources = كلّ رقم مما سبق يحيل إلى سطره هنا: الملف ورقم السطر واسمه، ثم الأعمدة بقيمها الكاملة.
document-source = { $file }، السطر { $line }{ $id ->
    [none] {""}
   *[other] {" "}({ $id })
}: { $values }
document-value = { $column } { $value }
template-unreadable = { $file }: ليس مستند {"\u2066"}Word (.docx){"\u2069"} يمكن فتحه؛ احفظوه في {"\u2066"}Word{"\u2069"} بصيغة {"\u2066"}.docx{"\u2069"}
office-missing = {"\u2066"}form=pptx{"\u2069"}: تلزم حزمة غير مثبّتة؛ اكتبوا: {"\u2066"}make setup-dev{"\u2069"} أو {"\u2066"}pip install '.[office]'{"\u2069"}

## Explorer

explorer-title = استكشاف النتائج
explorer-kicker = { $study }، { $date }. محاكاة لا تنبّؤ.
explorer-how = اختاروا جماعة وسياسة. كلّ نقطة مجموعة افتراضات، وأشرطة التمرير تبيّن أين تصحّ الإجابة.
explorer-group = الجماعة
explorer-arm = النداء
explorer-outcome = النتيجة
explorer-strength = الشدّة
explorer-window = الأسابيع بعد التحوّل
explorer-language = اللغة
explorer-switch = طلب التبرّع عبر { $rail }
explorer-full = كاملة ({ $strength })
explorer-of-rate = الهجمات
explorer-of-hindered = المدفوعات المشروعة المعرقَلة
explorer-of-delivered = الأموال الواصلة
explorer-of-capacity = القدرة على شنّ الهجمات

## Explorer: the sentence

explorer-counts = { $outcome ->
    [rate] الهجمات تتراجع في { $below }، وترتفع في { $above }، ولا تكاد تتغيّر في { $within }
    [hindered] المدفوعات المشروعة المعرقَلة تتراجع في { $below }، وترتفع في { $above }، ولا تتغيّر في { $within }
    [delivered] الأموال الواصلة تتراجع في { $below }، وترتفع في { $above }، ولا تتغيّر في { $within }
   *[other] القدرة على شنّ الهجمات تتراجع في { $below }، وترتفع في { $above }، ولا تكاد تتغيّر في { $within }
}
explorer-view = { $policy }: من أصل { $of } من مجموعات الافتراضات، { $counts }.
explorer-where = حيث { $conditions } ({ $count } من أصل { $of }): { $counts }.
explorer-between = { $name } بين { $low } و{ $high }
explorer-and = { $first } و{ $second }
explorer-median = الوسيط: { $median }.
explorer-median-of = الوسيط: { $median }. الهجمات في الأسبوع من دون نداء ولا سياسة: { $base }.
explorer-no-change = لا يُذكر
explorer-a-week = { $amount } دولار في الأسبوع
explorer-none-left = لا مجموعة افتراضات في هذا المجال.
explorer-few = عدد المجموعات في هذا المجال { $count } فقط، وهو أقلّ من أن يُبنى عليه حكم.
explorer-hint = عدد المجموعات { $draws }: مؤشّر أوّلي لا أكثر.
explorer-price = المدفوعات المشروعة المعرقَلة (الوسيط): { $amount }.
explorer-hint-why = دون 200 مجموعة لا تُعرض إلا شروط حُدّدت سلفاً، لأنّ سواها قد يتوافق مصادفةً.

## Explorer: panels

explorer-policies = السياسات
explorer-policies-how = النقطة مجموعة افتراضات؛ والرمادي: { $margin ->
    [none] بلا تغيّر
   *[other] تغيّرات دون { $margin }
}.
explorer-elsewhere = سياسات أخرى حُوكيت بشدّة { $strength } لا بشدّة { $now }، وعددها: { $count }.
explorer-of-sets = من أصل { $of } مجموعة
explorer-policy = السياسة
explorer-dots = التغيّر
explorer-falls = تراجع
explorer-within = لا يكاد يتغيّر
explorer-rises = ارتفاع
explorer-middle = الوسيط
explorer-harm = المدفوعات المشروعة المعرقَلة
explorer-part = { $amount } على الأقلّ (جزء غير مشمول في النموذج)
explorer-part-none = لا شيء في الجزء المشمول في النموذج
explorer-depends = علامَ يتوقّف الأثر
explorer-no-conditions = لم يُحدَّد سلفاً أيّ شرط لهذه الدراسة.
explorer-across = أفقياً
explorer-upwards = عمودياً
explorer-matter = ما يؤثّر في هذه الإجابة
explorer-others = غير ذلك
explorer-still = عدد المجموعات { $of }، وفي جميعها: { $outcome ->
    [rate] لا تكاد الهجمات تتغيّر
    [capacity] لا تكاد القدرة على شنّ الهجمات تتغيّر
   *[other] لا يتغيّر شيء
}. اختاروا جماعة أخرى أو سياسة أخرى.
explorer-show = إظهار: { $name }
explorer-axes = أفقياً: { $across }. عمودياً: { $upwards }.
explorer-change = التغيّر
explorer-from = من
explorer-to = إلى
explorer-reset = إظهار جميع المجموعات
explorer-paths = المسارات
explorer-paths-weeks = التغيّر قياساً إلى غياب النداء أو السياسة، بمتوسّط { $mean } من الأسابيع، مرّة كلّ { $every } من الأسابيع؛ وكلّ خطّ مجموعة.
explorer-paths-windows = التغيّر خلال { $windows } من الأسابيع بعد التحوّل؛ وكلّ خطّ مجموعة.
explorer-no-paths = ليس في هذا العرض سوى مدّة واحدة.
explorer-choice = المقارنة بين سياستين
explorer-choice-how = الأفضل هو الأبعد أفقياً والأدنى عمودياً. الأرقام هي أرقام الجدول الأول؛ والنقاط الصغيرة مجموعات افتراضات أ وب.
explorer-choice-axes = أفقياً: تراجع الهجمات. عمودياً: المدفوعات المشروعة المعرقَلة (دولار في الأسبوع).
explorer-first = أ
explorer-second = ب
explorer-beats = { $first } أفضل من { $second } في { $won } من أصل { $of }، وأسوأ في { $lost }، ولا فرق يُذكر في { $even }.
explorer-cheaper = { $first }: المدفوعات المشروعة المعرقَلة أقلّ في { $won } من أصل { $of }، وأكثر في { $lost }.
explorer-unknown-harm = ضرر إحداهما غير مشمول في النموذج.
explorer-not-modelled = خارج النموذج
explorer-harm-unknown = ضررها غير مشمول في النموذج
explorer-not-run = ليست في عمليات المحاكاة هذه
explorer-not-modelled-of = غير مشمول في النموذج: ضرر { $policies }.
explorer-off-scale = خارج هذا المقياس: { $policy }، { $amount }.
explorer-edge = مجموعات خارج هذا المقياس، مرسومة عند حافته: { $count }؛ أبعدها عند { $amount }.
explorer-data = البيانات والاستشهاد
explorer-view-data = بيانات هذا العرض
explorer-set = المجموعة
explorer-csv = تنزيل هذا العرض بصيغة {"\u2066"}CSV{"\u2069"}
explorer-thinned = ليبقى حجم الملف دون ميغابايت واحد، حُذف منه: { $left }.
explorer-left-paths = المسارات
explorer-left-windows = المدد ما عدا { $window } أسبوعاً
explorer-left-outcomes = النتائج ما عدا الهجمات والمدفوعات المشروعة
explorer-left-arms = النداءات ما عدا الرئيسي
explorer-rounding = تغيّراته مقرّبة إلى { $step }.
explorer-cite = كيفية الاستشهاد
explorer-citation = { $study }. {"\u2066"}insurgent-financing-sim{"\u2069"}، الإصدار { $version }، النسخة البرمجية { $commit }، { $date }. عمليات المحاكاة: { $runs }؛ مجموعات الافتراضات: { $draws }.
explorer-command = الأمر
explorer-licences = أُنجز باستخدام {"\u2066"}D3{"\u2069"} و{"\u2066"}Observable Plot{"\u2069"} (رخصة {"\u2066"}ISC{"\u2069"}) و{"\u2066"}Fluent{"\u2069"} (رخصة {"\u2066"}Apache 2.0{"\u2069"}).

## Terminal

brief-differs = تختلف الدراسات في { $fact ->
    [window] عدد الأسابيع بعد التحوّل
    [switch] يوم التحوّل
    [margin] التغيّر الذي يُعتدّ به
    [model] الإصدار
    [commit] النسخة البرمجية
   *[drawn-from] طريقة اختيار الافتراضات
}، فلا تجوز مقارنة أرقامها كما هي: { $levels }.
brief-repeated = { $count ->
    [zero] لا نتيجة ترد في أكثر من دراسة
    [one] ترد نتيجة واحدة في أكثر من دراسة
    [two] ترد نتيجتان في أكثر من دراسة
    [few] ترد { $count } نتائج في أكثر من دراسة
    [many] ترد { $count } نتيجة في أكثر من دراسة
   *[other] ترد { $count } نتيجة في أكثر من دراسة
}؛ ويعرض هذا الموجز أولى كلّ منها، بدءاً من { $first }.

brief-counted = { $count } من أصل { $of }
brief-less = أقلّ من { $limit }
