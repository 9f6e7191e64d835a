//! Words that stand with a capital after "patient" and are no names.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Whether a folded word is a weekday, a month, a feast, a payer, or a noun of the trade.
///
/// First names that are also common words (May, Will, Grace) count as names, save the months:
/// "new patient May hours" is far more frequent than a patient called May.
pub fn is_no_name(word: &str) -> bool {
    NO_NAMES.contains(word)
}

static NO_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lists = [CALENDAR, PAYERS, TRADE, COMMON];
    lists.into_iter().flat_map(|words| words.split(' ')).collect()
});

const CALENDAR: &str = "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs \
     fri sat sun weekday weekdays weekend weekends january february march april may june july \
     august september october november december jan feb mar apr jun jul aug sep sept oct nov dec \
     spring summer fall autumn winter christmas thanksgiving easter halloween hanukkah ramadan \
     eid passover diwali lent juneteenth memorial labor independence veterans valentine mother \
     mothers father fathers today tomorrow tonight yesterday lunes martes miercoles jueves \
     viernes sabado domingo";

const PAYERS: &str = "aetna amazon anthem bcbs blue bluesky cdc chip cigna cms discord epic facebook fda google \
     healthgrades hhs hipaa humana instagram kaiser linkedin medicaid medicare mychart nih \
     obamacare osha slack tiktok tricare twitter united unitedhealthcare webmd yelp youtube \
     zocdoc zoom";

const TRADE: &str = "access activation adherence admissions advisory advocacy advocate advocates app appointment \
     appointments appreciation art assessment assistance assistant associate autonomy awareness \
     bag balance bill billing board books brochure care center centered centre centric champion \
     charter check checkin checklist clinic clinical coach comfort communication communications \
     community compliance concierge confidentiality connect consent contact coordinator council \
     counseling covid data day demographics department digital discharge education educator \
     email empowerment engagement ethics event events exam experience faq faqs feedback \
     financial financing first flow flu focus focused form forms forum friendly guide guidelines \
     handbook handout handouts health healthcare help history home hub id identification impact \
     info information initiative insurance intake interest journey journeys lab labs liaison \
     library line lounge loyalty management manager materials matters medical medication \
     medicine mental mobile monitoring navigation navigator navigators network news newsletter \
     notice nurse offer office officer online optimal orientation outcome outcomes outreach \
     packet page parking partner partners pay payment payments perspective philosophy physical \
     picks pickup plan policy population portal practice preparation privacy program programs \
     promise protection protocol quality question questions reading recall record records \
     recruitment referral referrals registration registry relations relationship relationships \
     reminder reminders report representative research resource resources responsibilities \
     responsibility results retention review reviews rewards rights room rooms safety \
     satisfaction savings scheduling screening security selection service services simulator \
     special specialist specials spotlight standards statement statements stories story success \
     summit support surgery survey surveys symposium team technology telehealth testimonial \
     testimonials therapy tip tips tools tracker training transport transportation treatment \
     trust update updates vaccine video videos visit visits voice voices volume waiting website \
     week welcome wellness wifi workshop zero";

const COMMON: &str = "mr mrs ms miss a about after all an and are as at be because before but by cafe call can claus click dame \
     did do does don't every everyone families family for free from get good gratitude great had \
     happy has have he hello her here hi his how i i'm i've if in is it it's its join just learn \
     let like link look love loves make meet more my new no not now of off ok on only open or \
     our out please read register schedule see share she should sign so special stay still take \
     thank thanks that the their there these they this those to too up us visit wall was watch \
     we we'll we're we've were what when where which who why with yes you you'll you're your";
