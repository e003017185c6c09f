/** Word lists for the texts; letters beyond ASCII and emoji are there on purpose. */

export const givenNames = list(`
  Aiko | Amélie | Anders | Anaïs | Ayşe | Bartek | Beatriz | Björn | Çağla | Carmen | Chidi |
  Chloé | Dáithí | Dmitri | Elif | Émile | Esther | Fatima | Finn | Françoise | Giulia |
  Gökhan | Hana | Håkon | Ines | Iván | Jürgen | Kaito | Katarzyna | Lars | Leïla | Lucía |
  Małgorzata | Mateo | Mei | Milan | Nadia | Niamh | Olga | Oskar | Paulo | Priya | Rafael |
  Renée | Rosa | Sakura | Samuel | Sofía | Søren | Tariq | Thandiwe | Tuğba | Ulrike |
  Valentina | Wei | Yara | Yusuf | Zeynep | Zoë | 美咲
`)

export const familyNames = list(`
  Ahmed | Andersen | Bianchi | Böhm | Castro | Černý | Chen | Costa | Dąbrowski | Dubois | Eze |
  Fernández | Fischer | García | Grünwald | Haddad | Hansen | Ito | Ivanova | Jørgensen | Kaya |
  Keller | Khan | Kowalski | Kröger | Lefèvre | Lindström | López | Mbeki | Moreau | Müller |
  Nakamura | Nguyễn | Novák | O’Brien | Okafor | Öztürk | Papadopoulos | Pereira | Petrov |
  Quispe | Rossi | Sánchez | Santos | Schröder | Sharma | Silva | Şahin | Tanaka | Thompson |
  Ünal | van Dijk | Weiß | Wójcik | Yamamoto | Yılmaz | Zhang | Żak | Zimmermann | 佐藤
`)

export const topics = list(`
  Algebra | Astronomy | Baking | Bookkeeping | Calculus | Calligraphy | Chemistry |
  Choral Singing | Compilers | Composting | Cryptography | Data Modelling | Debating | Drawing |
  Economics | Ethics | Film Editing | French Cuisine | Game Theory | Geology | Graph Theory |
  Guitar | Hydrology | Illustration | Journalism | Landscape Design | Linguistics | Logic |
  Machine Learning | Meteorology | Music Theory | Navigation | Negotiation | Nutrition |
  Operating Systems | Optics | Philosophy | Photography | Physiology | Poetry | Pottery |
  Probability | Public Speaking | Quantum Physics | Relational Databases | Robotics |
  Screenwriting | Sewing | Statistics | Storytelling | Surveying | Thermodynamics | Topology |
  Typography | Urban Planning | User Research | Violin | Watercolour | Woodworking | Zoology
`)

export const audiences = list(`
  Absolute Beginners | Busy People | Curious Minds | Engineers | Evening Learners | Families |
  Night Owls | Practitioners | Returning Students | Self-Taught Makers | Small Teams |
  Teachers | the Résumé | Young Readers
`)

export const angles = list(`
  A Field Guide | A Gentle Start | First Principles | From Zero to Fluent | Hands On |
  in Practice | in Six Weeks | Learning by Doing | Step by Step | The Hard Parts |
  the Naïve Way and the Right Way | What the Books Leave Out | with Real Examples | Without Fear
`)

export const subjects = list(`
  a careful reader | a first attempt | a good example | a small mistake | each exercise |
  every group | the best answer | the café example | the first chapter | the last step |
  the lecture | the method | the notebook | the proof | the question | the rule of thumb |
  the simplest model | the usual approach | your own project | your partner
`)

export const verbs = list(`
  breaks down | builds | changes | compares | connects | explains | improves | leaves out |
  measures | needs | puts aside | questions | repeats | rests on | reveals | shows |
  simplifies | starts from | tests | turns over
`)

export const objects = list(`
  a clear picture | a handful of ideas | a piece of paper | a second opinion |
  a shared vocabulary | an old habit | the basics | the details | the evidence | the façade |
  the limits | the measurements | the next question | the obvious | the raw data | the result |
  the trade-offs | the whole story | what came before | what you expected
`)

export const endings = list(`
  before the week is over | in about twenty minutes | in small steps | more often than not |
  most of the time | once you have tried it | so take your time | though not at once |
  under pressure | vis-à-vis the alternatives | when nobody is watching |
  with a bit of practice | with a pencil in hand | with fresh eyes | without any tools |
  à la carte
`)

export const openings = list(`
  As a rule, | At first, | By contrast, | For now, | Here | In short, | In the workshop, |
  Later, | Later on, | Now | Remember: | Then | To begin with, | Today | 💡 Tip: | 📌 Note: |
  🎯 Goal: | ✅ Check:
`)

export const meetingTitles = list(`
  Coffee & Questions ☕ | Demo Day 🎉 | Exam Preparation | Feedback Round | Kick-off |
  Lab Session | Office Hours | One to One | Project Review | Q&A | Reading Group |
  Retrospective | Study Group | Weekly Check-in | Workshop | Übungsstunde
`)

export const questions = list(`
  Can you check my answer? | Could you explain this again, more slowly? |
  How does this relate to the last lesson? | Is there a shorter way? |
  What did I get wrong here? 🤔 | What should I read next? | Why does this step hold? |
  Wie heißt das auf Englisch? | ¿Me das otro ejemplo?
`)

export const creditReasons = list(`
  Attended a live session | Course completed 🎓 | Exam resit | Goodwill | Invited a friend |
  Monthly bonus | Question answered | Voucher
`)

export const timezones = list(`
  Africa/Lagos | America/New_York | America/Sao_Paulo | Asia/Kolkata | Asia/Tokyo |
  Europe/Berlin | Europe/Istanbul | Europe/Lisbon | Europe/Warsaw | UTC
`)

function list(text: string): readonly string[] {
  return text.split('|').map((item) => item.trim())
}
