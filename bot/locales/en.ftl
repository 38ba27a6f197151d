# Peyk's English texts. Every key is in every language; HTML tags are those that Telegram knows.

## The language: what numbers, dates and names need; the parts of lists have | between them

language-name = English
language-direction = ltr
language-digits = 0123456789
language-thousands = ,
language-calendar = gregorian
language-countries = America=US|USA=US|US=US|England=GB|Britain=GB|UK=GB|UAE=AE
date-months = January|February|March|April|May|June|July|August|September|October|November|December
date-months-short = Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec
date-weekdays = Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday
date-full = { $weekday } { $day } { $month } { $year }, { $time }
date-weekday = { $weekday } { $day } { $month } { $year }
date-short = { $day } { $month }, { $time }
date-day = { $day } { $month } { $year }
date-day-of-year = { $day } { $short }
section-politics = Politics
section-international = International
section-economy = Economy
section-society = Society
section-culture = Culture
section-sports = Sports
section-science = Science
section-general = General

## Commands: one line for /help and the menus

command-latest = Latest news
command-top = Most read news
command-categories = News categories
command-category = News in one category
command-article = Full text of an article by its number
command-search = Search the news
command-subscribe = Follow all news, some categories, tags or words
command-unsubscribe = Stop following
command-subscriptions = Your subscriptions
command-digest = 24-hour digest
command-saved = Saved articles
command-history = News you received
command-settings = Settings
command-cancel = Cancel
command-help = Help
command-desk = The newsroom's page: what waits for you
command-post = Write an article
command-import = Import an article (address, text or file)
command-drafts = The newsroom's drafts
command-preview = Preview an article
command-edit = Edit an article
command-submit = Submit an article for review
command-words = The newsroom's own words for the copy editor
command-approve = Review waiting articles
command-publish = Publish a draft, now or later
command-planned = Scheduled articles
command-breaking = Publish breaking news
command-follow = Continue an earlier article
command-correct = Correct a published article
command-retract = Retract an article
command-outbox = Send queue and errors
command-stats = Publishing and reader statistics
command-sources = News sources
command-channels = Channels and groups
command-comments = Comments waiting for review
command-tip = Send news, a photo or a recording to the newsroom
command-tips = Tips from readers
command-editors = Members of the newsroom
command-invite = Invite to the newsroom
command-announce = Announce to all chats or a category's followers
command-audit = Audit log: who did what, and when
command-pause = Pause all sending
command-resume = Resume sending

## Start and help

welcome =
    Welcome to <b>Peyk</b>, your news courier in Telegram: the news reaches you here as soon as it is published.
    Follow “All news”, or choose categories. All commands: /help
link-unknown = I do not know this link: it may be cut short or belong to another version. Start here:
edited-message = I do not receive edits of earlier messages. Please write the correct text in a new message.
help-title = <b>Help</b>
help-write = <b>Write</b>
help-publish = <b>Publish and correct</b>
help-watch = <b>Follow up</b>
help-reach = <b>Sources and chats</b>
help-lead = <b>Manage</b>
help-read = <b>Read the news</b>
help-hint = In a private chat, write an article's number to read it; any other text is searched for.
help-inline = In any other chat, write { $bot } and a few words to send an article there.
unknown-command = I do not know this command. See /help
command-forwarded = You did not write the message with this command. To run it, send it yourself.
unreadable-message = I cannot read this message. Please write text, or see /help
internal-error = Something went wrong and was logged. Please try again in a while.
too-fast = You are sending too many messages. Please wait a minute and write again.
not-allowed = Your role does not allow this. If you need it, ask the owner.
stale-button = This button is no longer valid. Please send the command again.
dialogue-ended = This conversation has ended and cannot be continued. Please send the command again.
noted = Done
cancelled = Cancelled.
nothing-to-cancel = Nothing to cancel. See /help
words-done = done|finished|تمام
words-cancel = cancel|لغو
words-everything = all|everything|all news|همه
list-comma = {", "}
list-and = {" and "}
everything = All news
nothing = nothing

## Articles

button-full-text = Full text
button-previous = ◀ Previous
button-next = Next ▶
button-save = 🔖 Save
button-unsave = ✔️ Saved
button-share = ↗️ Share
button-related = 🔗 Related
button-source = 🌐 Source
button-more-of-category = 🗂 More in category
article-number = News number: <code>{ $number }</code>
article-section = { $section }
article-byline = By { $byline }
article-note = Corrected: { $note }
article-source = Source
page-of = Page { $page_text } of { $pages_text }
digest-title = Digest, { $day }
digest-counted =
    { $count ->
        [0] No news
        [one] { $count_text } headline. Press it to read the full text.
       *[other] { $count_text } headlines. Press one to read its full text.
    }
digest-left = { $count_text } headlines here; { $left_text } more in /latest
article-usage = Write an article's number after the command, such as <code>/article 264802</code>
article-bad-number = “{ $number }” is not a news number. Write a number, such as <code>/article 264802</code>
article-not-found = There is no article { $id_text }, or it was retracted. Latest news: /latest
latest-title = Latest news
latest-new =
    { $count ->
        [0] Nothing new since your last visit
        [one] { $count_text } new headline since your last visit
       *[other] { $count_text } new headlines since your last visit
    }
latest-many-new = More than { $count_text } new headlines since your last visit
latest-usage = Write a number from 1 to { $most_text } after /latest.
no-news = Nothing has been published yet. Use /subscribe to receive the news.
categories-title = <b>Categories</b>
category-title = { $name }
category-empty = There is no news in { $name } yet. Other categories: /categories
category-gone = This category no longer exists. See /categories
breaking-suggested =
    Suggested as breaking news: article { $id } matches a rule of its source.
    “{ $title }”
rule-query-empty = This rule finds nothing: write at least one word, phrase or category.
rule-unknown = There is no such rule.
rule-tag-wrong = A tag has letters and at most { $most_text } characters.
categories-too-many = The category “{ $name }” cannot be made: the limit is { $most_text }, because more do not fit on buttons. Choose one that is there.
category-unknown = There is no category “{ $name }”. See /categories
category-unknown-choose = There is no category “{ $name }”. Choose one of these:
category-unknown-list =
    There is no category “{ $name }”.
    Categories: { $names }
search-title = 🔎 Results for
search-nothing = Nothing found for
search-hint = Try fewer words or another spelling.
search-too-long = This search took too long. Try fewer or more specific words.
search-usage =
    <b>Search the news</b>
    Write the words after /search; in a private chat the words alone are enough. Spelling and half-spaces do not matter.

    One category, an exact phrase, and a minus before a word to exclude:
    <code>/search category:sports "تیم ملی" -فوتسال</code>
    A range of dates:
    <code>/search بورس from 2026-01-01 to 2026-01-31</code>
    Today, yesterday and recent days:
    <code>/search category:economy date:last 7 days</code>
search-in-category = in { $name }
search-since = since { $day }
search-until = until { $day }
search-between = from { $first } to { $last }
search-unclear-date = I did not understand “{ $words }”: there is no such day in the calendar. Example: from 2026-01-01 to 2026-01-31. If it is not a date, put it in quotes.
search-unclear-order = “{ $words }” ends before it begins. Write the first day after “from” and the last one after “to”.
search-one-category = A search takes one category, without a minus, such as category:sports
search-closest = Of the { $count_text } newest, those with these words in the headline come first
button-closest = 🎯 Closest
button-newest = 🕘 Newest
search-others = Perhaps you mean:
button-meant = Did you mean “{ $words }”?
button-without-days = On any day
button-without-category = In all categories
button-without-exclusions = Without exclusions
button-without-quotes = Without quotes
inline-nothing = Nothing found; search in Peyk
inline-unclear = Unknown category or date; see how
saved = Saved
unsaved = No longer saved
saved-in-private = Your saved articles open in a private chat.
saved-title = Saved articles
saved-empty = You have not saved anything yet. There is a “Save” button under every article.
digest-empty = Nothing you follow was published in the last 24 hours. Older news: /latest
digest-quiet = Nothing was published in the last 24 hours. Older news: /latest
button-all-news = 🗞 All news

## Reading

related-title = Related to article { $number }
related-none = No related articles found. For more on this subject, press “More in category”.
visible-ask = If the message above is blank or your app cannot show it, press “Plain text”: it comes again, and everything after it comes as plain text.
button-visible = 👍 It looks fine
button-invisible = 🔤 Plain text
visible-thanks = Thank you!
invisible-noted = From now on news and digests come as plain text. To return to rich text: /settings
history-title = News you received
history-sent = sent { $when }
history-retracted = This article was retracted.
history-empty = You have not received any news yet. To receive it: /subscribe
history-in-private = The news you received opens in a private chat.
button-history = 🕘 News you received

## Following

subscribed =
    News will come to you: { $names }
    Delivery: { $schedule }
unsubscribed = You no longer follow: { $names }
unsubscribed-all = You will receive no more news. To follow again: /subscribe
unsubscribe-sure = Stop following all of this? { $names }
subscriptions-none = You do not follow anything. To start: /subscribe
subscriptions-title =
    <b>You follow:</b> { $names }
    <b>Delivery:</b> { $schedule }
subscriptions-hint = Each category's button turns it on or off. ⚙️ opens its delivery time and “breaking news only”.
follow-breaking-of = { $name } (breaking only)
follow-unknown =
    There is no category “{ $name }”.
    Categories: { $names }

    If you mean the words themselves, the button below brings you all news that contains these words: <code>{ $words }</code>
follow-title-of =
    <b>What “{ $title }” follows:</b> { $names }
    <b>Delivery:</b> { $schedule }
follow-hint-in-group = Each category's button turns it on or off. Write tags and words: /subscribe #oil or /subscribe "oil price"
follow-line = • { $name }: { $how }
follow-muted = not sent
follow-breaking-at-once = breaking news only, at once
follow-page =
    <b>{ $name }</b>
    Delivery: { $schedule }
follow-page-breaking =
    <b>{ $name }</b>
    { $schedule }
follow-page-muted =
    <b>{ $name }</b>
    News that contains these words is not sent, even if you follow it.
follow-as-chat = Like the rest ({ $schedule })
follow-topic = Topic { $id_text }
follow-topics = <b>Topics of “{ $title }”</b>: which news should each one get?
follow-topics-none = I do not know any topic of “{ $title }” yet. Send /subscribe in a topic to see it here.
follow-whole-group = The whole group
follow-words-ask =
    Write the words; you get all news that contains all of them. Spelling does not matter.
    An exact phrase in quotes, and a minus before a word to exclude: <code>"oil price" -OPEC</code>
    To cancel: /cancel
follow-muted-ask =
    Write the words; news that contains all of them is not sent, for example: <code>league -final</code>
    To cancel: /cancel
follow-tag-ask =
    Write the tag, for example: <code>#oil</code>
    To cancel: /cancel
follow-section-ask =
    Write the section's name as it appears in full texts.
    To cancel: /cancel
follow-recent = In recent news: { $names }
follow-words-none = There is no word to search for in this. Write at least one without a minus, for example: <code>oil -OPEC</code>
follow-words-many = This is too long; write at most { $most_text } words.
follow-words-category = Follow the category separately; write only words here.
follow-names-none = There is no name in this. Write it again or press /cancel.
follow-too-many = You can follow at most { $most_text } tags, sections and words in all. Remove one in /subscriptions first.
follow-not-followed = You do not follow “{ $name }”. Your list: /subscriptions
follow-gone = This is no longer followed. Current list: /subscriptions
follow-undone = Undone: you follow what you followed before
follow-undo-gone = This can no longer be undone: something else has changed since. The current list: /subscriptions
follow-already = You already follow this
button-follow-category = ➕ Follow { $name }
button-follow-these-words = 🔎 Follow these words
button-follow-words = 🔎 Follow words
button-follow-tag = #️⃣ Tag
button-follow-section = 🗞 Section
button-mute-words = 🔇 Mute words
button-follow-in-private = ⚙️ Settings in private
button-follow-undo = ↩️ Undo
button-follow-stop = 🗑 Stop following
button-choose-categories = ☑️ Choose categories
button-yes-unsubscribe = Yes, all of it
button-follow-unmute = 🔔 Send again
button-breaking-only = 🚨 Breaking news only
button-topics = 💬 Group topics
group-admins-only = Only the group's admins can change this.
schedule-instant = at once
schedule-every =
    { $minutes ->
        [1] every minute
       *[other] every { $minutes_text } minutes
    }
schedule-hours =
    { $hours ->
        [1] every hour
       *[other] every { $hours_text } hours
    }
schedule-at = digest at { $times }

## Settings

button-settings = ⚙️ Settings
button-categories = 🗂 Categories, words
button-schedule = ⏰ Delivery time
button-quiet = 🌙 Quiet hours
button-pause = ⏸ Pause
button-unpause = ▶️ Resume
button-plain = Plain text instead of rich text
button-rich-digests = Rich digests
button-close = Close
button-back = Back
button-own-schedule = ✍️ Another time
button-own-quiet = ✍️ Other hours
settings-own = <b>Your settings</b>
settings-of = <b>Settings of { $title }</b>
settings-state =
    State: { $state }
    News: { $names }
    Delivery: { $schedule }
    Quiet hours: { $quiet }
    Time zone: { $zone }
    Language: { $language }
settings-schedule =
    <b>When should news be sent?</b>

    <b>At once:</b> each headline as it is published.
    <b>At intervals:</b> the news of each interval in one message.
    <b>Digest:</b> new headlines, category by category, in one message at the hours you choose. Digest of the last 24 hours, now: /digest

    Breaking news does not wait for these times.
settings-quiet = <b>Quiet hours</b>: when should nothing be sent?
quiet-none = none
quiet-hours = { $begin } to { $end }
schedule-ask = Write when news should be sent: “now”, “every 45 minutes”, or the hours of your digest, such as “8 and 20:30”. To cancel: /cancel
schedule-unreadable = I did not understand this. Examples: “now”, “every 45 minutes”, “8 and 20:30”, “daily at 21:00”. To cancel: /cancel
quiet-ask = Write the quiet hours, such as <code>11 pm to 7 am</code>. To cancel: /cancel
quiet-unreadable = I did not understand these hours. Example: <code>11 pm to 7 am</code>. To cancel: /cancel
settings-zone = <b>Which time zone?</b> It applies to delivery times, quiet hours and the dates of news.
button-other-zone = ✍️ Another city or country
zone-at = { $city }, { $time }
zone-ask = Write the name of a city or country, such as “Stockholm” or “Canada”. To cancel: /cancel
zone-unknown = I do not know “{ $name }”. Write the name of the country or of the nearest large city, such as “Germany”. To cancel: /cancel
zone-which = Which one?
chat-unknown = I do not know this channel or group, or you are not one of its admins.
chat-not-active = Peyk has not started in this group yet: the newsroom has to approve it.
chat-active = active
chat-paused = paused
chat-pending = waiting for approval
chat-denied = not approved
chat-inactive = out of reach since { $when }
chat-refusing = refuses messages since { $when }
refusal-blocked = the person has blocked Peyk
refusal-deactivated = the account is deactivated
refusal-kicked = Peyk was removed
refusal-left = Peyk is not a member there
refusal-never-started = the person has not started the chat
refusal-not-found = Telegram cannot find it
refusal-rights-taken = Peyk may not post there
refusal-deleted = the channel or group was deleted
kind-channel = channel
kind-group = group

## How posts look

button-look = 🎨 Look of posts
button-zone = 🕰 Time zone
button-shape-title = Headline only
button-shape-lead = With the lead
button-shape-paragraph = With paragraph
button-photo-attached = Newsroom photo
button-photo-any = Any photo
button-photo-none = No photo
button-post-tags = Hashtags
button-post-button = Full-text button
button-signature = ✍️ Signature
button-no-signature = No signature
look-own = <b>How should news look?</b> With “No photo” the full text has no photo either.
look-of = <b>Look of posts in { $title }</b>
look-photos = “Newsroom photo” is one that the newsroom attached; “Any photo” also shows the source's. If Telegram does not accept a photo, the same news goes as text.
look-signature = Signature: { $signature }
look-below = The message below is a sample.
look-signature-ask = Write the signature of posts on one line, such as the channel's username or motto; at most { $most_text } characters. To cancel: /cancel
look-signature-too-long = The signature has { $length_text } characters; the limit is { $most_text }. Write a shorter one or press /cancel.
look-signature-wanted = A signature must be text. Write it on one line; to cancel: /cancel
look-sample-title = A sample headline
look-sample-lead = The lead comes here and says in a line or two what happened.
look-sample-text = The first paragraph comes here and gives the details.

## Channels and groups

channels-title = <b>Channels and groups</b>
channels-none = There is no channel or group yet. Make Peyk an administrator of a channel, or add it to a group.
button-channels = 📣 Channels and groups
group-hello = Hello! Peyk sends its news to this group. The group's admins can change the settings.
group-hello-waits = Hello! Peyk starts here once the newsroom has approved it.
group-settings = This group's settings open in a private chat.
chat-admitted = Peyk has started in “{ $title }”.
chat-waits = Peyk is waiting for the newsroom's approval in “{ $title }”; you will get the answer here.
chat-no-rights = Peyk may not post in “{ $title }”. Allow it to post messages in the administrator settings.
chat-not-waiting = This chat was already decided. All chats: /channels
approval-card =
    <b>New request</b>
    { $kind }: { $title }
    Address: { $username }
    Asked by: { $name }
    State: { $state }

    Send news to this { $kind }?
admission-card =
    <b>{ $kind }: { $title }</b>
    Address: { $username }
    State: { $state }
button-approve = ✅ Yes, approve
button-deny = ❌ No
button-admit = ✅ Approve
button-revoke = 🚫 Revoke approval

## Writing and importing

button-done = ✅ Done
button-cancel = ✖️ Cancel
button-no-lead = No lead
button-publish = 📣 Publish
button-keep-draft = 📝 Keep as draft
button-edit = ✏️ Edit
button-delete = 🗑 Delete
button-view = 👁 View
button-yes-delete = Yes, delete it
button-edit-title = Title
button-edit-lead = Lead
button-edit-body = Body
button-edit-category = Category
button-edit-photo = Photo
button-remove-photo = Remove photo
post-category-ask = <b>New article</b>: choose a category or write its name.
post-title-ask = Write the title.
post-lead-ask = Write the lead in one message.
post-body-ask = Write the body in one or more messages. If there is a photo, send it now. Press “Done” at the end.
post-body-more = Got it. Continue or press “Done”.
post-text-wanted = This step needs text, not a file or another kind of message. To cancel: /cancel
post-no-title = No title with letters was found. Write the title, or everything at once: first line the category, second line the title, then a blank line and the lead, and after another blank line the body.
post-title-too-long = The title has { $length_text } characters; the limit is { $most_text }.
post-lead-too-long = The lead has { $length_text } characters; the limit is { $most_text }.
post-body-too-long = The body has { $length_text } characters; the limit is { $most_text }.
post-too-many-lines = The body has { $length_text } lines; the limit is { $most_text }.
post-too-many-parts = A text can come in at most { $most_text } messages. Send the rest as a file.
text-too-long = This has { $length_text } characters; write at most { $most_text }.
import-text-too-long = The file has { $length_text } characters; the limit is { $most_text }. Send only the article's text.
post-not-finished = The article is not complete. Answer the question or press /cancel.
collecting = This is a long text. If there is more of it, send it too; press “Done” at the end.
collecting-ended = Ten minutes have passed and the unfinished text was discarded. To start again: /post or /import
import-ask = Send the address of an article's page, its copied text, or its file.
import-reading = Reading the page…
import-offer = Import the article at this address?
button-import-address = 📥 Import the article
import-text-wanted = Send a page's address, its text or an HTML file.
import-unreadable = No article could be read from this page ({ $reason }). Check the address or send the copied text of the page.
import-site-refused = The site answered { $status_text }. Check the address or send the copied text of the page.
import-too-large = The file is larger than { $megabytes_text } MB. Send the address of the page or its copied text.
import-known = This article is already here as { $id } and has not changed.
import-revised = Article { $id } was updated.
import-not-yours = This article is already in the newsroom as { $id_text } and a colleague is working on it. If it needs a change, tell an editor.
import-no-draft = Article { $id_text } is no longer a draft; only an editor can change it.
pasted-not-a-page = This is not the text of a news page: it has no «شناسه خبر» (news number) and no «تاریخ انتشار» (date). Write your own articles with /post; to cancel: /cancel
pasted-bad-number = The news number “{ $number }” is not readable. Correct it in the text and send it again.
pasted-bad-date = The publication date is not readable, or there is no such day. Correct it and send the text again.
pasted-no-title = No title was found. Copy the page from above the title to the end of the article.
pasted-no-text = No article text was found. Copy the page from above the title to the end of the article.
preview-title = 👁 <b>Preview of article { $id }</b>
preview-photo = 📷 A photo is attached to this article.
preview-retracted = ⚠️ This article was retracted; readers do not see it.
preview-usage = Write an article's number after the command, such as <code>/preview 12</code>
publish-usage = Write the draft's number after the command, and a time if you wish: <code>/publish 12</code> or <code>/publish 12 tomorrow 8:30</code>
edit-usage = Write an article's number after the command, such as <code>/edit 12</code>
choose-publish = 📤 Which draft do you want to publish?
choose-preview = 👁 Which article do you want to see?
choose-edit = ✏️ Which article do you want to edit?
choose-submit = 📨 Which draft do you want to submit for review?
choose-correct = ✏️ Which published article do you want to correct?
choose-retract = ↩️ Which article do you want to retract?
choose-breaking = 🔴 Which article goes out as breaking news?
choose-follow = 🔗 Which article continues an earlier one?
choose-stats = 📊 Which article do you want figures of?
choose-none = There is no article for this. A new one: /post
button-shelf-waiting = Drafts
button-shelf-published = Published
edit-which = Article { $id }: <b>{ $title }</b>

    What do you want to change?
edit-which-published = Article { $id } is published: <b>{ $title }</b>

    Your correction also reaches the messages that were already sent. What do you want to change?
edit-title-ask = Write the new title. To cancel: /cancel
edit-lead-ask = Write the new lead. To cancel: /cancel
edit-body-ask = Write the new body in one or more messages and press “Done” at the end. To cancel: /cancel
edit-current = Current text (tap to copy):
edit-copy-tap = The current text is in the message above. Tap it to copy.
edit-copy-hold = The current text is in the message above. Press and hold it to copy it with its formatting.
edit-copy-long = This body is long: replace words or edit one paragraph instead.
edit-which-paragraph = Article { $id }: <b>{ $title }</b>

    Which paragraph do you want to change?
edit-paragraph-ask = Write the new text of this paragraph. To cancel: /cancel
paragraph-gone = This paragraph is no longer in the body. Open the list of paragraphs again.
button-edit-words = 🔁 Replace words
button-copy-edit = 🖋 Copy editor
button-edit-paragraph = ¶ One paragraph
edit-paragraphs = Paragraphs; to change one, press its number:
button-paragraph = ¶ { $place_text }
button-more-paragraphs = ¶ More paragraphs
button-remove-paragraph = 🗑 Delete paragraph
words-instead = replace|instead of
words-write = with|write
replace-ask = Which words do you want to replace? Write them as they stand in the article; or everything at once: “replace … with …”. To cancel: /cancel
replace-by-ask =
    { $count ->
        [one] “{ $words }” was found in one place. What should stand there instead? To cancel: /cancel
       *[other] “{ $words }” was found in { $count_text } places. What should stand there instead? To cancel: /cancel
    }
replace-not-found = “{ $words }” was not found in the title, lead or body. Write it as it stands in the article or press /cancel.
replace-too-long = This has { $length_text } characters; the limit is { $most_text }. Write something shorter or press /cancel.
replace-card =
    { $count ->
        [one] 🔁 <b>Replace in one place of article { $id }</b>
       *[other] 🔁 <b>Replace in { $count_text } places of article { $id }</b>
    }
button-yes-replace = Yes, replace
edit-photo-ask = Send the new photo. To cancel: /cancel
edit-photo-wanted = There is no photo in this message. Send it as a photo, not as a file. To cancel: /cancel
edit-editors-only = Article { $id_text } is published; only an editor can change it.
edit-category-ask = Choose the new category.
published = Article { $id } is published: <b>{ $title }</b>
published-takes = Sending it to about { $count_text } chats takes { $duration }. This message shows the progress.
article-already-published = Article { $id_text } is already published. Write its number to read it.
article-changed-meanwhile = Article { $id_text } has changed in the meantime.
article-is-retracted = Article { $id_text } was retracted and can no longer change.
article-not-published = Article { $id_text } is not published; drafts can be deleted in /drafts
draft-kept = Article { $id } stays a draft: <b>{ $title }</b>
button-undo-publication = ↩️ Undo publication
publication-undone = The publication of article { $id } was undone; nothing had been sent, and it is a draft again: <b>{ $title }</b>
undo-too-late = Article { $id_text } is already being sent, so its publication cannot be undone. Retract it if you need to.
draft-gone = Article { $id_text } is no longer a draft.
draft-drop-sure = Delete the draft “{ $title }”?
draft-dropped = The draft “{ $title }” was deleted.
drafts-title = <b>Drafts</b>
drafts-none = There are no drafts. New article: /post

## Corrections and retractions

correct-usage = Write the number of a published article after the command, such as <code>/correct 12</code>
correct-unpublished = Article { $id_text } is not published yet.
correct-nothing = It already says that. Send something else or press /cancel.
correct-note-ask = What was corrected? Write it on one line for readers to see after “Corrected:”, or confirm without a note.
correct-note-wanted = Write the correction note on one line, such as: the name of the town. To cancel: /cancel
correct-note-too-long = The note has { $length_text } characters; the limit is { $most_text }.
correct-card = ✏️ <b>Correction of article { $id }</b>: { $title }
correct-old = <b>Was:</b> { $text }
correct-new = <b>Will be:</b> { $text }
correct-by-hand = If someone edited a post in a channel by hand, the new text replaces it.
correct-photo-limits = A new photo is not added to messages without one, and a photo that was sent cannot be removed.
photo-there = the current photo
photo-new = a new photo
photo-none = no photo
button-yes-no-note = Yes, without note
button-yes-correct = Yes, correct it
button-yes-retract = Yes, retract it
button-refresh = 🔄 Refresh
retract-usage = Write the article's number and the reason after the command, such as <code>/retract 12 the source denied it</code>
retract-ask-reason = ↩️ Retracting article { $id }: <b>{ $title }</b>

    Write the reason in one line; it stays in the newsroom. You are asked once more before anything is retracted.
retract-reason-wanted = Write the reason in a few words, for example: the source has denied it. To cancel: /cancel
retract-reason-too-long = The reason has { $length_text } characters; the limit is { $most_text }.
retract-card = ⚠️ <b>Retraction of article { $id }</b>: { $title }
retract-reason = Reason, seen only by the newsroom: { $reason }
retract-means = Messages are deleted; those older than two days are replaced with “This article was retracted.” What readers have forwarded is out of reach. This cannot be undone.
corrected-done = ✅ Article { $id } is corrected: <b>{ $title }</b>
retracted-done = ✅ Article { $id } was retracted; readers can no longer see it.
copies-none = No copies have been sent.
copies-extent = Messages with this article: { $count_text }; time needed: { $duration }
copies-changed = Updated: { $count_text }
copies-deleted = Deleted: { $count_text }
copies-tombstoned = Text removed: { $count_text }
copies-gone = Already deleted by hand: { $count_text }
copies-unreachable = Out of reach: { $count_text }
copies-live = Unchanged: { $count_text }
copies-waiting = Waiting: { $count_text }; time needed: { $duration }
work-ended = ✅ Done.
broadcast-reached = ✅ Reached: { $sent_text } of { $total_text }
reached-later = Later, at the times of the recipients: { $count_text }
reached-nobody = Nobody follows this yet.
duration-moment = less than a minute
duration-minutes =
    { $minutes ->
        [1] about a minute
       *[other] about { $minutes_text } minutes
    }
duration-hours = about { $hours_text } hours

## Outbox

outbox-title = <b>Send queue</b>
outbox-paused = ⏸ All sending is paused: by { $name }, { $when }. To resume: /resume
outbox-empty = Nothing has been sent yet.
outbox-pending = Waiting: { $count_text }
outbox-sending = Being sent: { $count_text }
outbox-sent = Arrived: { $count_text }
outbox-uncertain = Uncertain: { $count_text }
outbox-refused = Refused: { $count_text }
outbox-withdrawn = Cancelled: { $count_text }
outbox-expired = Expired or beyond the digest's size: { $count_text }
outbox-changes = Corrections and deletions waiting: { $count_text }
outbox-lanes = <b>Queues</b>
outbox-lane = { $lane } · ready: { $due_text }, queued: { $later_text }
lane-answer = answers
lane-retraction = retractions
lane-breaking = breaking news and corrections
lane-headline = headlines
lane-digest = digests
outbox-broadcast = 📣 Article { $id }: { $title }
outbox-announcement = 📢 Announcement: { $title }
outbox-broadcast-left = { $sent_text } of { $total_text }; time left: { $duration }
outbox-refusing-chats =
    <b>Refusing messages: { $count_text }</b>
    (Peyk keeps trying)
outbox-refusing-chat =
    ▪️ <b>{ $chat }</b>
    since { $when }
    { $reason }
outbox-troubles = <b>For you to decide</b>
outbox-clean = There is nothing for you to decide.
outbox-trouble =
    { $place_text }. <b>{ $chat }</b>
    article { $id } · { $category }
outbox-announcement-trouble =
    { $place_text }. <b>{ $chat }</b>
    announcement
outbox-why-asked = It is not known whether this arrived. Please look there and say.
outbox-why-uncertain = Telegram's answer was lost; Peyk is checking by itself.
outbox-why-topic = The group's topic is closed or deleted.
outbox-why-photo = Telegram refused the photo: { $reason }
outbox-why-silent = Telegram gave no valid answer for a whole day.
outbox-why-refused = Telegram refused it: { $reason }
outbox-unknown = There is no delivery { $id_text }.
outbox-settled = This delivery was already decided. Current list: /outbox
outbox-decided = This delivery is decided.
button-outbox-again = { $place_text } · 🔁 Send again
button-outbox-there = { $place_text } · ✅ Arrived
button-outbox-missing = { $place_text } · ❌ Missing
button-outbox-drop = { $place_text } · 🗑 Drop

## Newsroom

role-owner = owner
role-editor = editor
role-author = author
role-moderator = moderator
role-unknown = There is no role “{ $role }”. Roles: owner, editor, author, moderator
staff-welcome = Welcome to the newsroom. Your role: { $role }.
staff-first-owner =
    1. Invite your colleagues with /invite.
    2. Add a source with /sources, or write an article with “✍️ Write”.
    3. What waits for you is always in /desk.
staff-first-editor =
    1. The newsroom's page shows what waits for review.
    2. Write with “✍️ Write”; after the preview you publish it yourself.
    3. Open the page again at any time with /desk.
staff-first-author =
    1. Press “✍️ Write” on the newsroom's page; I ask for the category, title and text one by one.
    2. Look at the preview and submit it for review.
    3. The result comes here; the newsroom's page: /desk
staff-first-moderator =
    1. Each new comment comes here with buttons to approve or reject it.
    2. All waiting comments are in /comments.
    3. Open the newsroom's page at any time with /desk.
home-title = 🗞 <b>Newsroom</b> · your role: { $role }
home-nothing-waits = ✅ Nothing waits for you.
home-review = 📝 Waiting for review: { $count_text }
home-gate = 📥 From sources: { $count_text }
home-comments = 💬 Comments waiting: { $count_text }
home-tips = 📨 Tips from readers: { $count_text }
home-outbox = ❓ Uncertain sends: { $count_text }
button-home = 🏠 Newsroom
button-home-review = 📝 Review ({ $count_text })
button-home-gate = 📥 Intake ({ $count_text })
button-home-comments = 💬 Comments ({ $count_text })
button-home-tips = 📨 Tips ({ $count_text })
button-home-outbox = ❓ Sends ({ $count_text })
button-home-sources = ⚠️ Sources ({ $count_text })
button-home-write = ✍️ Write
button-home-import = 📎 Import
button-home-drafts = 🗂 Drafts
button-home-planned = 🗓 Scheduled
button-home-published = 📰 Published
button-home-stats = 📊 Statistics
button-home-readers = 👁 Reader's view
staff-unknown = This person is no longer in the newsroom. See /editors
staff-last-owner = There is no other owner, and there must always be one. Invite another owner first: /invite
invite-usage = Which role should the new colleague have?
invitation = Invitation as { $role }; valid once, until { $until }:
invitation-invalid = This invitation is not valid, was used, or has expired. Ask for a new one.
invitation-too-many-tries = Too many wrong invitations. Please try again in an hour.
invitation-already-staff = You are already in the newsroom; this invitation is for someone else.
editors-title = <b>The newsroom</b>
button-remove-person = Remove from the newsroom
button-yes-remove = Yes, remove
editor-remove-sure = Remove { $name } from the newsroom?
paused = Sending paused; readers are still answered. To resume: /resume
resumed = Sending resumed.
route-switched = ⚠️ Telegram cannot be reached by { $before }; Peyk now uses { $after }. It goes back by itself as soon as the better way is open. You will not be told again within an hour.
outage-database =
    { $trouble ->
        [full] ⚠️ The disk of the database is full, and nothing can be stored. Make room: Peyk goes on by itself, and nothing is lost.
        [locked] ⚠️ Another program holds the database, and nothing can be stored. End it: Peyk goes on by itself, and nothing is lost.
        [damaged] ⚠️ A part of the database is damaged. Peyk goes on with the rest. Stop it and restore the last backup.
       *[away] ⚠️ The database is unavailable, and nothing can be stored. Peyk goes on by itself, and nothing is lost.
    }
outage-database-over =
    { $minutes ->
        [1] ✅ The database works again after a minute.
       *[other] ✅ The database works again after { $minutes_text } minutes.
    }
outage-telegram-over =
    { $minutes ->
        [1] ✅ Telegram is reachable again after a minute. What waited is being sent.
       *[other] ✅ Telegram is reachable again after { $minutes_text } minutes. What waited is being sent.
    }
paused-already = Sending is already paused. To resume: /resume
resumed-already = Sending is not paused. To pause it: /pause
pause-sure = Pause all sending? New articles wait in the queue; readers still get answers.
button-yes-pause = Yes, pause
paused-by = ⏸ { $name } paused all sending, { $when }; new headlines wait.
resumed-by = ▶️ { $name } resumed sending, { $when }.
sources-title = <b>Sources</b>
sources-none = There is no source yet. To begin, add the address of a site with the button below.
sources-count =
    { $count ->
        [one] 1 source
       *[other] { $count_text } sources
    }
sources-troubled =
    { $count ->
        [one] ⚠️ 1 source needs attention.
       *[other] ⚠️ { $count_text } sources need attention.
    }
sources-found = Sources with <code>{ $words }</code>
sources-not-found = No source has “{ $words }” in its name or address. To add a new one, send the address of its site.
source-feed = feed
source-page = page
source-listing = listing
source-to-publish = published at once
source-to-review = held for approval
source-fetched = last read { $when }
source-failing =
    { $times ->
        [one] failed once
       *[other] failed { $times_text } times
    }
source-new = not read yet
source-soon = read soon
source-is-silent = nothing new
source-paused = paused
source-ended = ended
source-unknown = This source no longer exists.
source-why =
    { $why ->
        [status] the site answers with error { $status_text }
        [late] the site does not answer in time
        [unreachable] the site cannot be reached
        [unknown-host] the site's name cannot be found
        [certificate] the site's certificate is not valid
        [private] the address is in a private network, which Peyk may not read
        [large] the site's answer is too large
        [no-feed] the site's answer is not a feed
        [key] its secrets cannot be read, because Peyk’s key (SECRET_KEY) has changed or is lost; set them again
        [proxy] its proxy cannot be reached or may not be used
       *[other] { $reason }
    }
source-state = State: { $state }
source-last-fetch = Last read: { $when }
source-failing-since = ⚠️ Failing since { $when }. Reason: { $why }
source-next-try = Next try: { $when }
source-silent-since = ⚠️ Nothing new since { $when }; the usual time between its items is { $usual }.
source-items =
    { $count ->
        [0] Last 7 days: no items
        [one] Last 7 days: 1 item
       *[other] Last 7 days: { $count_text } items
    }
source-items-daily =
    { $count ->
        [one] Average: 1 item a day
       *[other] Average: { $count_text } items a day
    }
source-changes-follow = Changes to articles: applied automatically
source-changes-ask = Changes to articles: applied after approval
source-changes-ignore = Changes to articles: ignored
button-source-page = 🌐 View source
button-sources = 🌐 Sources
button-source-fetch = 🔄 Read now
button-source-pause = ⏸ Pause
button-source-resume = ▶️ Resume
button-source-edit = ✏️ Edit
button-source-rules = 📋 Rules ({ $count_text })
button-source-interval = Read: { $every }
button-source-name = Name
button-source-address = Address
button-source-remove = 🗑 Remove
button-source-retract = ↩️ Retract recent
button-source-retract-span = { source-retract-span } ({ $count_text })
button-yes-retract-all = Yes, retract them all
button-source-own-name = The site's own name
button-yes-remove-source = Yes, remove it
button-save-address = ✅ Save
source-interval = Read: { $every }
source-interval-default = by default
source-interval-seconds =
    { $seconds ->
        [one] every second
       *[other] every { $seconds_text } seconds
    }
source-interval-ask = How often should this source be read? “By default”, a source without news for a while is read less often.
source-changes-question = What happens when the source changes an article that it has brought?
source-hub-none = WebSub: none
source-hub-unused = WebSub: the source names a hub; not subscribed (needs WEBHOOK_URL)
source-hub-subscribed = WebSub: subscribed; renewal: { $when }
source-hub-denied = WebSub: the hub refused; next request: { $when }
source-hub-asked = WebSub: waiting for the hub; next request: { $when }
source-rules = Rules: { $own_text } of this source, { $all_text } of all sources
source-edit-ask = What do you want to change?
source-name-ask = Write the new name of “{ $name }”. It stays even if the site renames itself.
source-name-wrong = A name has letters and at most { $most_text } characters. Write another one.
source-new-address-ask = Send the new address of “{ $name }”. It is tried before it is saved.
source-address-tried = This was found at the address. Save it if it is right:
source-address-saved = Saved. It will be read in a moment.
source-remove-sure = Remove the source “{ $name }”? The articles that it brought stay; its rules and logins are deleted.
source-removed = The source “{ $name }” has been removed. Its articles have stayed.
source-retract-ask = If the site was attacked or sends false news, retract what it has published lately, all at once. How far back?
source-retract-none = Nothing of this source was published in the last 24 hours.
source-retract-span =
    { $hours ->
        [1] The last hour
       *[other] The last { $hours_text } hours
    }
source-retract-sure =
    { $count ->
        [one] ⚠️ { $span }: retract 1 article of “{ $name }” and pause this source?
       *[other] ⚠️ { $span }: retract { $count_text } articles of “{ $name }” and pause this source?
    }
source-retract-more =
    { $count ->
        [one] and 1 more
       *[other] and { $count_text } more
    }
source-retract-reason = Retraction of recent articles of { $name }
source-retracted =
    { $count ->
        [0] Nothing was left to retract. “{ $name }” is paused.
        [one] ✅ 1 article is retracted and “{ $name }” is paused. Its messages are being deleted.
       *[other] ✅ { $count_text } articles are retracted and “{ $name }” is paused. Their messages are being deleted.
    }
button-source-follow = Changes: apply
button-source-ask = Changes: ask first
button-source-ignore = Changes: ignore
source-fetched-soon = It will be read in a moment.
source-address-ask = Send an address of the site: its front page, the page of a section, or the feed (RSS) itself.
source-address-wanted = This is not the address of a site. Send the whole address, for example <code>https://example.com</code>
source-address-unreachable = This address cannot be opened: { $why }. Check the address and send it again.
source-address-guarded = If the site needs a login or a proxy, send the address of its feed and add it as it is; then set “🔑 Login and proxy”.
source-searching = Searching…
source-none-found = No feed or list of headlines was found at this address. Send the address of the site's news page or of its feed (RSS).
source-known = This address is already a source.
source-found = These sources were found. Choose one:
source-found-items =
    { $count ->
        [0] no items
        [one] 1 item
       *[other] { $count_text } items
    }
source-added-already = already a source
source-samples = Newest items:
source-sample-of = Sample { $place_text } of { $count_text }, as it would be posted:
source-category-ask = Choose the category for news from this source:
source-added = The source has been added.
button-add-source = ➕ Add a source
button-offer-category = Category: { $name }
button-offer-destination = Destination: { $target }
button-offer-posts = 👁 See the posts
button-offer-add = ➕ Add
button-offer-unread = ➕ Add it as it is
rules-title = <b>Rules for sources</b>
rules-of-all = for all sources
rules-none = There is no rule yet. A rule says what happens to new items that contain certain words.
rule-of-all = This rule applies to all sources.
rule-drop = drop
rule-review = hold for approval
rule-category = category { $argument }
rule-tag = tag { $argument }
rule-breaking = suggest as breaking news
rule-quiet = publish without sending
rule-action-ask = What happens to the items that the rule finds?
rule-category-ask = Which category do these items get?
rule-tag-ask = Write the tag.
rule-words-ask =
    Write the words as in a search: an item that contains all of them is found. A category, a phrase in quotes and a hyphen before a word that must not occur work as well:
    <code>category:sports "national team" -futsal</code>
rule-query-long = A rule has at most { $most_text } characters. Write a shorter one.
rule-known = This rule is there already: <code>{ $query }</code>
rule-too-many = A source has at most { $most_text } rules. Remove one first.
rule-tried =
    { $hits ->
        [0] It finds none of the last { $count_text } items.
       *[other] It finds { $hits_text } of the last { $count_text } items:
    }
rule-tried-more = and { $count_text } more
rule-tried-nothing = There are no items yet on which the rule could be tried.
rule-saved = Saved. It applies from now on.
rule-remove-sure = Remove this rule?
rule-remove-all-sure = This rule applies to all sources. Remove it?
button-rules-of-all = 📋 Rules for all
button-rule-add = ➕ Add a rule
button-rule-drop = 🚫 Drop
button-rule-review = 👁 Hold
button-rule-category = 🗂 Set category
button-rule-tag = 🏷 Add a tag
button-rule-breaking = ⚡️ Suggest breaking
button-rule-quiet = 🔕 Do not send
button-rule-save = ✅ Save the rule
button-rule-again = ✍️ Other words
button-rule-remove = 🗑 { $place_text }. { $query }
button-yes-remove-rule = Yes, remove it
learning-offer = “{ $section }” of the source “{ $source }”: file its items under { $category } from now on?
learning-done = From now on, items of “{ $section }” get the category { $category }.
learning-left = Items of “{ $section }” get their category as before.
sections-learned = Sections whose category the newsroom has chosen. Press one to undo it:
sections-none = The newsroom has not chosen the category of any section.
button-yes-learn = Yes, from now on
button-no-learn = This item only
button-sections = 🗂 Its sections
button-learned-sections = 🗂 Sections ({ $count_text })
button-forget-section = 🗑 { $section }

## Requests of a source

button-source-requests = 🔑 Login and proxy
source-requests-title = <b>Requests to { $title }</b>
source-requests-hint = For sites that ask for a login, a cookie, a header or a proxy. Peyk encrypts the values and never shows them again.
source-requests-none = Nothing is set.
request-part =
    { $part ->
        [user-agent] User agent
        [header] Header
        [cookie] Cookie
        [login] Login
       *[proxy] Proxy
    }
request-unreadable = cannot be read, set it again
request-only-for = sent to { $origin } only
button-request-remove = 🗑 { $what }
request-remove-ask = Remove “{ $what }” from the requests of this source?
button-request-remove-yes = Yes, remove it
request-removed = Removed.
request-ask =
    { $part ->
        [user-agent] Send the user agent that requests name, for example <code>Mozilla/5.0</code>
        [header] Send the header as <code>Name: value</code>, one a line. Your message is deleted once Peyk has read it.
        [cookie] Send the cookie as <code>name=value</code>; separate several by semicolons. Your message is deleted once Peyk has read it.
        [login] Send the user name and password as <code>user:password</code>. Your message is deleted once Peyk has read it.
       *[proxy] Send the address of the proxy: <code>http://HOST:PORT</code> or <code>socks5://USER:PASSWORD@HOST:PORT</code>. Your message is deleted once Peyk has read it.
    }
request-not-deleted = Your message could not be deleted. Delete it yourself.
request-header-form = A header is written <code>Name: value</code>, one a line.
request-header-refused = The header { $name } would break the request, or has a setting of its own.
request-value-refused = The value has a line break, a letter that cannot be sent, or is too long.
request-cookie-form = A cookie is written <code>name=value</code>.
request-login-form = A login is written <code>user:password</code>.
request-proxy-form = A proxy is written <code>http://HOST:PORT</code> or <code>socks5://HOST:PORT</code>.
request-too-many = At most { $most_text } parts can be set for one source. Remove one first.
request-not-set = This is not set.
request-other-site = The other address must belong to the site of the source.
secret-key-unset = Secrets need a key: set SECRET_KEY_FILE or SECRET_KEY in the settings and start Peyk again.
secret-key-unusable = The key file cannot be read or written ({ $reason }). Check SECRET_KEY_FILE, or the folder of the database.
source-ill =
    { $hours ->
        [one] ⚠️ The source { $title } has been failing for an hour. Reason: { source-why }
       *[other] ⚠️ The source { $title } has been failing for { $hours_text } hours. Reason: { source-why }
    }
source-silent =
    { $days ->
        [one] ⚠️ The source { $title } has had nothing new for a day, much longer than usual.
       *[other] ⚠️ The source { $title } has had nothing new for { $days_text } days, much longer than usual.
    }
source-gone = ⛔️ The source { $title } has ended: its site says that this address is gone for good. Peyk no longer reads it. If it has a new address, add that one.
source-repeats = ⚠️ The source { $title } now leads to the address of the source { $other } for good, so both bring the same news. Remove one of them.
source-well = ✅ The source { $title } is working again.
sources-many-ill = ⚠️ The state of more sources has changed; the list of sources shows all of them.
sources-ill-together =
    { $hours ->
        [one] ⚠️ { $count_text } sources began to fail together and have been failing for an hour. Check the server's network or its proxy first. Reason of one of them: { source-why }
       *[other] ⚠️ { $count_text } sources began to fail together and have been failing for { $hours_text } hours. Check the server's network or its proxy first. Reason of one of them: { source-why }
    }
sources-well-together =
    { $left ->
        [0] ✅ The sources that failed together are working again.
        [one] ✅ The sources that failed together are working again, except one.
       *[other] ✅ Most sources that failed together are working again. { $left_text } of them still fail.
    }

## Review and the gate

button-submit = 📨 Submit for review
button-review-approve = ✅ Approve and publish
button-review-reject = ❌ Reject
button-review-withdraw = ↩️ Retract from review
submit-usage = Write a draft's number after the command, such as <code>/submit 12</code>
approve-usage = Write an article's number after the command, such as <code>/approve 12</code>; without one, everything that is waiting is listed.
review-submitted = Article { $id_text } was submitted for review: <b>{ $title }</b>

    You will get the decision here.
review-card = 🔎 <b>Review of article { $id_text }</b>
review-handed-in = From: { $name } · { $when }
review-waits = ⏳ Waiting for a decision; submitted
review-approved = ✅ { $name } approved it, { $when }.
review-rejected = ❌ { $name } rejected it, { $when }.
review-withdrawn = ↩️ { $name } retracted it from review, { $when }.
review-reason = Reason: { $reason }
review-reason-ask = Write in one message why article { $id_text }, “{ $title }”, is rejected; its author will read it.
review-reason-wanted = The author has to know why. Write the reason; to cancel: /cancel
review-reason-too-long = The reason has { $length_text } characters; the limit is { $most_text }.
review-rejected-done = Article { $id_text } is rejected; its author is told why.
review-withdrawn-done = Article { $id_text } was retracted from review and is a draft again.
review-approved-notice = ✅ { $name } approved article { $id_text }: <b>{ $title }</b>
review-rejected-notice = ❌ { $name } did not accept article { $id_text }: <b>{ $title }</b>
    Reason: { $reason }
review-open-already = Article { $id_text } is in review.
review-none = Article { $id_text } is not in review.
review-scheduled = Article { $id_text } is scheduled for publication.
review-was-approved = Article { $id_text } was already decided: { $name } approved it.
review-was-rejected = Article { $id_text } was already decided: { $name } rejected it.
review-was-withdrawn = { $name } has already retracted article { $id_text } from review.
review-text-changed = The text of article { $id_text } has changed since you saw it.
review-second-pair = You wrote or edited article { $id_text } yourself; someone else has to publish it.
review-not-yours = Article { $id_text } was submitted by someone else.
article-is-dropped = Article { $id_text } was dropped. To bring it back, send its address with /import
preview-dropped = ⚠️ This item of a source was dropped; readers do not see it.
waiting-title = <b>Waiting for a decision</b>
waiting-empty = Nothing is waiting for a decision.
gate-title =
    { $count ->
        [one] 📥 <b>From sources</b> · { $count_text } item waiting
       *[other] 📥 <b>From sources</b> · { $count_text } items waiting
    }
gate-title-plain = a source
gate-empty = 📥 <b>From sources</b>: everything was reviewed; nothing is waiting.
gate-dropped = Article { $id_text } was dropped and will not come from its source again: { $title }
gate-changed = This queue has changed since you saw it, and nothing was published. Current queue: /drafts
gate-all-sure =
    { $count ->
        [one] Publish this { $count_text } item?
       *[other] Publish these { $count_text } items?
    }
gate-all-done =
    { $count ->
        [one] ✅ { $count_text } item is published:
       *[other] ✅ { $count_text } items are published:
    }
button-gate = 📥 From sources ({ $count_text })
button-gate-publish = 📣 Publish { $id_text }
button-gate-anyway = 📣 Anyway { $id_text }
button-gate-join = 🔁 Join { $id_text } to article { $first_text }
button-gate-view = 👁 { $id_text }
button-gate-edit = ✏️ { $id_text }
button-gate-copy = 🖋 { $id_text }
button-gate-drop = 🗑 Drop { $id_text }
button-gate-all = 📣 Publish all { $count_text }
button-gate-back = ↩️ Retract { $id_text }
row-settled = Nothing is left to do in this row.
row-draft = 📝 Is a draft
row-review = 👀 In review
row-scheduled = 🗓 Scheduled
row-published = ✅ Published
row-retracted = ↩️ Retracted
row-dropped = 🗑 Dropped
row-folded = 🔁 Joined another article
row-announced = 📢 Announcement
row-deleted = 🗑 Deleted
row-comment-approved = { $place_text } · ✅ Approved
row-comment-rejected = { $place_text } · ❌ Rejected
row-comment-deleted = { $place_text } · 🗑 Deleted by its author
row-delivery-pending = { $place_text } · 🔁 Queued again
row-delivery-sending = { $place_text } · 🔁 Sending
row-delivery-sent = { $place_text } · ✅ Arrived
row-delivery-uncertain = { $place_text } · ⏳ Being checked
row-delivery-withdrawn = { $place_text } · 🗑 Dropped
row-delivery-expired = { $place_text } · 🗑 Expired
button-yes-publish-all = Yes, publish them
draft-plain = draft
draft-in-review = in review
draft-scheduled = to be published { $when }
draft-rejected = rejected: { $reason }
time-ago = { $duration } ago
duration-days = about { $days_text } days


## One story from several sources, and changes at a source

button-elsewhere = 📰 In other media ({ $count_text })
elsewhere-title = 📰 Article { $number } in other media
elsewhere-none = Article { $id_text } is not in other media now.
source-unnamed = another source
story-known = 🔁 You already have this from { $name } (article { $id })
preview-folded = 🔁 This is the story of article { $id }, which came from { $name }.
preview-folded-shown = Readers see it under that article's text, in the list “In other media”.
preview-first-retracted = ⚠️ That article was retracted; readers can no longer see this one either.
preview-joined = 🔁 This is part of the story of article { $id }, which came from { $name }.
preview-follows = 🔗 Continues article { $id }
button-story-list = 🔁 Same story ({ $count_text })
story-list-title = 🔁 <b>Same story as article { $id_text }</b>
story-folded = under the first article
story-published = published
button-story-ask = 🔁 Join another article
button-story-join = 🔁 Join { $id_text }
button-story-separate = ✂️ Separate from { $id_text }
button-story-separate-publish = 📣 Separate and publish
button-story-separate-gate = 📥 Separate, then review
story-ask = Which article does article { $id_text } (<b>{ $title }</b>) join? Write the number of that article.
story-ask-near = Articles close to it:
story-number-wanted = Write the number of an article, for example 1234. To cancel: /cancel
story-joined = 🔁 Article { $id_text } joined article { $first_text }: <b>{ $title }</b>
story-joined-stays = It stays published, and readers also see it under the text of article { $first_text }.
story-separate-ask = Article { $id_text } is separated from article { $first_text }. What happens next?
story-separated = ✂️ Article { $id_text } was separated from article { $first_text }: <b>{ $title }</b>
story-separated-gate = It now waits for a decision among the items from sources.
story-none = Article { $id_text } is no longer part of that story.
story-itself = Article { $id_text } is itself the first article of this story and cannot join it.
story-first-unpublished = Article { $id_text } is not published or was retracted; only a published article can be joined.
button-open-first = 👁 Article { $id_text }
button-publish-anyway = 📣 Publish separately
article-is-folded = Article { $id_text } repeats another article and is not a draft.
source-change-changed =
    ✏️ Article { $id_text } has changed at { $site }: <b>{ $title }</b>

    Replace our text with the new one?
source-change-emptied =
    ⚠️ Most of the text of article { $id_text } is gone at { $site }: <b>{ $title }</b>

    Our text is unchanged. Replace it with the shortened text?
source-change-vanished =
    ⚠️ The page of article { $id_text } is gone at { $site }: <b>{ $title }</b>

    Our text is unchanged. If they have removed the article, you can retract it.
button-proposal-yes = ✅ Use the new text
button-proposal-show = 🔍 Show the change
button-proposal-no = ✖️ Keep our text
button-proposal-whole = 👁 Full new text
proposal-changes = <b>How article { $id } has changed at its source</b>: { $title }
proposal-nothing-new = The new text is the same as ours.
proposal-title = 👁 <b>New text of article { $id } from its source</b>
proposal-accepted = ✅ Article { $id } has the new text: <b>{ $title }</b>
proposal-declined = Article { $id } is unchanged: <b>{ $title }</b>
proposal-changed = The source has changed article { $id_text } again since then. See the newest change and decide.
proposal-gone = The change to article { $id_text } is no longer waiting for a decision.
proposal-was-accepted = { $name } has already decided about the change to article { $id_text }: the new text is used.
proposal-was-declined = { $name } has already decided about the change to article { $id_text }: the text is unchanged.
retract-reason-vanished = The article's page is gone at { $site }
audit-same-story = same story as article { $id }
audit-changed = { $before } → { $after }
act-fold = same story as from another source
button-story-before = ⏮ Earlier report
button-story-after = ⏭ Later report
button-follow = 🔗 Continue an article
button-follow-none = No earlier article
act-follow = continued another article
follow-usage = Write the number of the article and then that of the earlier one after the command, for example: <code>/follow 12 7</code>
follow-ask =
    Article { $id }: <b>{ $title }</b>

    Which article does it continue? Its posts will answer the posts of that one. Any other: <code>/follow</code> with both numbers
follow-done = ✅ Article { $id } continues article { $other }; its post in each chat answers the earlier one.
follow-none-done = ✅ Article { $id } continues no other article.
follow-circle = Article { $other_text } continues article { $id_text } already; two articles cannot continue each other.
act-join-story = joined the story of another article
act-separate-story = separated from another article
act-source-changed = article changed at its source
act-source-emptied = most of the text removed at its source
act-source-vanished = article's page gone at its source
act-accept-change = source's new text used
act-decline-change = source's new text declined


## Planning and breaking news

button-plan = ⏰ Schedule
button-move = 🕘 Change time
button-unplan = ✖️ Unschedule
button-plan-again = ⏰ Same time
button-plan-today = ⏰ Today { $clock }
button-plan-tomorrow = ⏰ Tomorrow { $clock }
plan-ask =
    Article { $id }: <b>{ $title }</b>

    When should it be published? Write the time, for example:
    <code>tomorrow 8:30</code>
    <code>saturday 9 pm</code>
    <code>2027-01-05 18:00</code>
    <code>+2h</code>

    To cancel: /cancel
plan-unreadable =
    I did not understand the time “{ $text }”. Write a day and an hour, for example:
    <code>tomorrow 8:30</code>
    <code>saturday 9 pm</code>
    <code>2027-01-05 18:00</code>
    <code>+2h</code>
plan-past = That time has passed. Write one in the future, for example: <code>tomorrow 8:30</code>
plan-too-far = That time is more than a year ahead. Write a nearer one, for example: <code>tomorrow 8:30</code>
plan-set =
    ⏰ Article { $id } is scheduled: <b>{ $title }</b>
    Time: { $when } (in { $duration })
plan-moved =
    ⏰ Article { $id } was moved to another time: <b>{ $title }</b>
    Before: { $before }
    Now: { $when } (in { $duration })
plan-cancelled = Article { $id } is no longer scheduled; it is a draft now: <b>{ $title }</b>
plan-none = Article { $id_text } is no longer scheduled. Current schedule: /planned
plan-editors-only = Article { $id_text } is scheduled; only an editor can edit it.
plan-moved-by = { $name } moved article { $id_text } to another time: <b>{ $title }</b>. Schedule: /planned
plan-cancelled-by = { $name } cancelled the schedule of article { $id_text }; it is a draft now: <b>{ $title }</b>
plan-done = ✅ Article { $id_text } was published on time: <b>{ $title }</b>
plan-done-late = ✅ Article { $id_text } was published late, because Peyk was not running at its time: <b>{ $title }</b>
plan-done-paused = ⏸ Article { $id_text } was published on time, but sending is paused and it waits: <b>{ $title }</b>
plan-failed = ⚠️ Article { $id_text } could not be published on time: <b>{ $title }</b>. The error was logged, and Peyk tries again every minute.
plan-unreviewed = ⚠️ Article { $id_text } was not published on time: <b>{ $title }</b>. You edited it after you had scheduled it, and nobody else has seen the text; it is a draft now.
plan-orphaned = ⚠️ { $name } scheduled article { $id_text } for { $when } and may no longer publish: <b>{ $title }</b>. The schedule was cancelled and the article will not be published; please decide.
planned-title = <b>Scheduled</b>
planned-none = Nothing is scheduled. To schedule: <code>/publish 12 tomorrow 8:30</code>
preview-planned = ⏰ Scheduled for { $when }
breaking-mark = 🔴 Breaking
button-breaking = 🔴 Breaking
button-yes-breaking = Yes, send as breaking
breaking-usage = Write the article's number after the command, and a time if you wish: <code>/breaking 12</code> or <code>/breaking 12 tomorrow 8:30</code>
breaking-card = 🔴 <b>Breaking news { $id }</b>: { $title }
breaking-at = Time: { $when }
breaking-not-as-planned = It was scheduled for { $when }; if you confirm, it goes now.
breaking-again = ⚠️ This article is already published; it will be sent to everyone once more, marked as breaking.
breaking-extent = Chats: about { $count_text }; time needed: { $duration }
breaking-means = Breaking news overtakes other news, arrives with sound everywhere, and is pinned where that was requested. Quiet hours block it unless the chat allows it.
breaking-done = 🔴 Article { $id } was published as breaking news: <b>{ $title }</b>
breaking-already = Article { $id_text } was already sent as breaking news.
button-silent = 🔕 Mute non-breaking
button-pin = 📌 Pin breaking news
button-rush = 🔴 Breaking news in quiet hours
settings-pin = <b>How long should breaking news stay pinned?</b>
pin-hours =
    { $hours ->
        [0] not at all
        [1] one hour
       *[other] { $hours_text } hours
    }
pin-refused = Peyk may not pin messages in “{ $title }”, so pinning was turned off there; the news itself has arrived. Allow Peyk to pin messages (in a channel: to edit messages), then choose pinning in /settings again.


## Comments

button-comments = 💬 Comments
button-comments-counted = 💬 Comments ({ $count_text })
button-comments-many = 💬 Comments ({ $count_text }+)
button-comment-write = ✍️ Write a comment
button-comment-delete = 🗑 Delete comment { $place_text }
button-comment-down = ✖️ { $place_text }
button-newest-comments = ⏭ Newest comments
button-oldest-comments = ⏮ First comments
button-back-to-article = ↩️ Back to the article
button-comment-approve = ✅ Approve
button-comment-reject = ❌ Reject
button-comment-silence = 🚫 Block the author
button-queue-approve = ✅ { $place_text }
button-queue-reject = ❌ { $place_text }
button-queue-silence = 🚫 { $place_text }
button-queue-article = 📄 { $place_text }
button-comment-queue = 💬 Waiting comments
button-silenced = 🚫 Blocked people
button-yes-silence = Yes, block
button-yes-down = Yes, take it down
button-lift = Unblock { $name }
comments-title = 💬 <b>Comments on article { $id }</b>: { $title }
comments-none = There are no comments yet. Be the first to write one.
comment-head = <b>{ $name }</b> · { $when }
comment-head-placed = { $place_text }. <b>{ $name }</b> · { $when }
comment-nameless = A reader
comment-own = yours
comment-own-waits = yours, waiting for review
comment-ask =
    Write your comment on “{ $title }”.
    At most { $most_text } characters, without links or phone numbers. Comments appear after review. To cancel: /cancel
comment-waits = Your comment was received and will appear after review. You will get the result here.
comment-is-there = You have already written this comment, and it was approved.
comment-was-rejected = You have already written this comment, and it was not approved.
comment-no-letters = Please write your comment with letters. To cancel: /cancel
comment-too-long = The comment has { $length_text } characters; the limit is { $most_text }. Send a shorter one or press /cancel.
comment-has-link = Links, usernames, commands and phone or card numbers are not allowed in comments: “{ $part }”. Write it without, or press /cancel.
comment-text-wanted = A comment must be text, not a photo or another kind of message. Write it or press /cancel.
comment-silenced = You can no longer write comments. You can still read news and comments.
comment-too-many =
    { $minutes ->
        [1] You have written several comments in a row. You can write the next one in a minute.
       *[other] You have written several comments in a row. You can write the next one in { $minutes_text } minutes.
    }
comment-some-wait = { $most_text } of your comments on this article are waiting for review. You can write another one after that.
comment-gone = This comment is no longer in this list.
comment-delete-sure = Delete your comment?
comment-deleted = Your comment was deleted
comment-approved = Your comment on article { $id_text } was approved and appears under it: “{ $title }”
comment-rejected = Your comment on article { $id_text } was not approved: “{ $title }”
comment-card = 💬 <b>New comment</b> on article { $id }: { $title }
comment-approved-by = ✅ Approved: { $name } · { $when }
comment-rejected-by = ❌ Rejected: { $name } · { $when }
comment-taken-back = 🗑 The author retracted the comment.
comment-author-silenced = 🚫 The author is blocked.
comment-decided = This comment is no longer waiting: it was decided, or its author retracted it.
comment-silence-sure = Block { $name }? Their waiting comments will be rejected, and they can no longer write comments.
comment-down-sure = Take this comment down from the article?
comments-many = More than ten comments are waiting for review ({ $count_text } now); until there are fewer, no message comes for each one. The queue: /comments

## What is read
top-day = 🔥 Most read in the last 24 hours
top-week = 🔥 Most read in the last 7 days
top-none = Nothing has been read yet. Look again later.
button-top-day = 24 hours
button-top-week = 7 days
report-title = ☀️ <b>The last 24 hours</b>
report-published = 📰 Published: { $count_text }
report-most-read = Most read
report-signals = 👁 { $openings_text } · 👍 { $reactions_text } · 🔖 { $saves_text } · 💬 { $comments_text }
button-report = ☀️ Daily report
settings-report =
    <b>The newsroom’s daily report</b>
    What was read most in the last 24 hours, and what waits, every day at the time that you choose. 👁 full texts opened, 👍 reactions to posts, 🔖 saves, 💬 comments.
report-off = Off

## Tips
tip-ask =
    Send your news, photo, video or recording to the newsroom here, in several messages if you like (up to { $most_text } characters in all).
    Press “Done” after the last one. The name that you have in Telegram is shown beside it.
tip-in-private = Tips for the newsroom are sent in a private chat.
button-tip-begin = 📨 Send
tip-more = Got it. Send more if there is more, or press “Done”.
tip-sent = The newsroom has it. Thank you! You will get the result here.
button-tip-withdraw = ↩️ Retract
tip-withdrawn = Your message was retracted; the newsroom no longer sees it.
tip-unreadable = Messages of this kind are not accepted. Send text, a photo, a video, a recording or a file, or press “Done”.
tip-empty = You have not sent anything yet. Send a few words, a photo, a video or a recording. To cancel: /cancel
tip-too-long = Your message would have { $length_text } characters; the limit is { $most_text }. Send a shorter last message.
tip-silenced = You can no longer send messages to the newsroom. You can still read the news.
tip-too-many =
    { $minutes ->
        [1] You have sent several messages in a row. You can send the next one in a minute.
       *[other] You have sent several messages in a row. You can send the next one in { $minutes_text } minutes.
    }
tip-some-wait = { $most_text } of your messages are still waiting for the newsroom. You can send another one after that.
tip-not-waiting = This message is no longer waiting and cannot be retracted.
tip-gone = This message was not found.
tip-decided = This message was decided, or its sender retracted it.
tip-told-read = The newsroom has read your message. Thank you!
tip-told-used = The newsroom is preparing an article from your message. You will hear here if it is published.
tip-told-declined = We have read your message. We will not make an article of it this time, but thank you, and please write to us again.
tip-published = The article made from your message was published: “{ $title }”. Thank you!
button-open-article = 📖 Read the article
tip-untitled = A message from a reader
tip-card = 📨 <b>Tip from a reader</b> · { $name } · { $when }
tip-files = 📎 { $files }
tip-read-by = 👁 Read: { $name } · { $when }
tip-used-by = 📝 Draft made: { $name } · { $when }
tip-declined-by = ❌ Declined: { $name } · { $when }
tip-taken-back = 🗑 The sender retracted the message.
tip-silence-sure = Block { $name }? Their waiting messages and comments will be rejected, and they can no longer send anything.
button-tip-draft = 📝 Make a draft
button-tip-files = 📎 Files
button-tip-read = 👁 Read, thanks
button-tip-decline = ❌ Decline politely
tips-title = 📨 <b>Tips from readers</b>: open one.
tips-none = No tip is waiting.
tips-many = More than ten tips are waiting ({ $count_text } now); until there are fewer, no card comes for each one. The list: /tips
queue-title =
    <b>Comments waiting for review</b>
    ✅ approve, ❌ reject, 🚫 block the author, 📄 the article
queue-empty = No comment is waiting for review.
queue-article = Article { $id }: { $title }
queue-article-gone = Article { $id } was retracted: { $title }
silenced-title = <b>Blocked people</b>
silenced-none = Nobody is blocked.
silenced-since = { $name } · { $when }
silence-lifted-already = This person is no longer blocked.

## Statistics

button-stats-days = { $days_text } days
stats-drawing = Drawing the chart…
stats-usage =
    <code>/stats</code> the last 30 days
    <code>/stats 7d</code> the last 7 days (up to { $most_text })
    <code>/stats 264802</code> one article, by its number
    <code>/stats csv 90</code> a table of the last 90 days
button-stats-article = One article
stats-days = The number of days is from 1 to { $most_text }, for example: <code>/stats 90d</code>
stats-no-article = There is no article { $id_text }. All articles over some days: <code>/stats 7d</code>
stats-unpublished = Article { $id_text } is not published yet and has no figures.
stats-not-drawn = The chart could not be drawn this time; you can try again.
stats-overview =
    <b>The last { $days_text } days</b>
    { $begin } to { $end }

    Articles published: { $posts }
    Headlines delivered: { $delivered }
    Potential views: { $audience }
    Readers of full texts: { $readers }
    Followers: { $gained } gained, { $lost } lost

    Potential views are the members of channels and groups at the time of sending, plus private chats; Telegram does not tell bots how often a post was viewed.
stats-article =
    <b>Article { $id }</b>

    Headlines delivered: { $delivered }
    channels { $channels }, groups { $groups }, private { $people }
    Potential views: { $audience }
    Readers of the full text: { $readers }
    Comments: { $comments }
stats-copies = Messages after the last change: { $copies }
stats-title = The last { $days_text } days
stats-period = { $begin } to { $end }
stats-article-title = Article { $id }
stats-nothing = Nothing yet
stats-posts = articles published
stats-delivered = headlines delivered
stats-audience = potential views
stats-readers = full-text readers
stats-comments = comments
stats-gained = followers gained
stats-lost = followers lost
stats-posts-daily = Articles published per day
stats-delivered-daily = Headlines delivered per day
stats-audience-daily = Potential views per day
stats-readers-daily = Full-text readers per day
stats-followers = Followers gained (above) and lost (below)
stats-gained-and-lost = { $gained } gained, { $lost } lost
stats-by-category = Headlines delivered by category
stats-by-channel = Potential views by channel and group
stats-by-kind = Headlines delivered by kind of chat
stats-to-channels = Channels
stats-to-groups = Groups
stats-to-people = Private chats
stats-copies-title = Messages after the last change
stats-copies-changed = Updated
stats-copies-deleted = Deleted
stats-copies-tombstoned = Text removed
stats-copies-gone = Deleted by hand
stats-copies-live = Refused
stats-copies-unreachable = Out of reach
stats-copies-pending = Waiting
stats-comments-title = Comments
stats-comments-approved = Approved
stats-comments-waiting = Waiting
stats-comments-rejected = Rejected
stats-comments-deleted = Retracted
stats-thousand = {"k"}
stats-million = {"M"}
stats-csv-part = part
stats-csv-gregorian = date
stats-csv-date = Jalali date
stats-csv-name = name
stats-csv-metric = metric
stats-csv-count = count
stats-part-day = day
stats-part-category = category
stats-part-channel = channel or group


## Audit and staff

audit-title = <b>Newsroom audit log</b>
audit-article-title = <b>Audit log of article { $id }</b>
audit-usage = Everything: /audit; one article: <code>/audit 12</code>; a CSV table of the last thirty days, or of as many as you like: <code>/audit csv 90</code>
audit-csv-usage = Write the number of days, from 1 to { $most_text }, after csv, such as <code>/audit csv 90</code>
audit-empty = Nothing has been recorded yet.
audit-empty-article = Nothing has been recorded about article { $id_text }. Everything: /audit
audit-no-revision = The text of that time is no longer available.
audit-line =
    { $place_text }. { $when }
    { $who }
audit-revision = revision { $revision_text }
audit-of-article = Article { $id }: { $title }
audit-command-line = the command line
audit-source = a source
audit-source-named = source { $name }
audit-telegram = Telegram
audit-table = { $count_text } actions of the last { $days_text } days
audit-column-time = time
audit-column-person = person
audit-column-person-id = person id
audit-column-act = action
audit-column-code = code
audit-column-article = article
audit-column-revision = revision
audit-column-detail = detail
button-what-changed = { $place_text } · What changed
audit-difference = <b>Article { $id }, revision { $revision_text }</b>: what changed
audit-same-text = This revision has the same text as the one before.
audit-before = <b>Was:</b> { $text }
audit-after = <b>Is:</b> { $text }
act-draft = new draft
act-import = imported
act-edit = edited
act-take-over = editing taken over
act-keep = kept as a draft
act-discard = draft deleted
act-submit = submitted for review
act-withdraw = retracted from review
act-approve = approved and published
act-reject = rejected in review
act-drop = dropped a source's item
act-publish = published
act-undo-publication = publication undone
act-schedule = scheduled
act-unschedule = schedule cancelled
act-breaking = sent as breaking news
act-correct = corrected
act-retract = retracted
act-announce = announced
act-retract-announcement = announcement retracted
act-appoint = owner appointed by the settings
act-invite = invited
act-uninvite = invitation retracted
act-join = joined the newsroom
act-change-role = role changed
act-remove-staff = removed from the newsroom
act-approve-chat = channel or group approved
act-deny-chat = channel or group rejected
act-revoke-chat = approval of a channel or group revoked
act-open-door = channel or group admitted without approval
act-lose-chat = channel or group out of reach
act-find-chat = channel or group within reach again
act-chat-settings = settings of a channel or group changed
act-add-source = source added
act-remove-source = source removed
act-pause-source = source paused
act-resume-source = source resumed
act-change-source-policy = policy for a source's changes chosen
act-source-moved = source moved to a new address
act-set-request = part of a source’s requests set
act-unset-request = part of a source’s requests removed
act-change-key = secrets of sources encrypted with the new key
act-add-rule = rule for sources added
act-remove-rule = rule for sources removed
act-add-word = word added to the newsroom's words
act-remove-word = word removed from the newsroom's words
act-edit-source = source edited
act-fetch-source = source read at once
act-learn-section = category of a source's section chosen
act-forget-section = category of a source's section undone
act-outbox-retry = sent again
act-outbox-arrived = confirmed as arrived
act-outbox-drop = delivery dropped
act-approve-comment = comment approved
act-reject-comment = comment rejected
act-take-down-comment = comment taken down
act-silence-reader = commenter blocked
act-lift-silence = commenter unblocked
act-read-tip = tip read
act-use-tip = draft made of a tip
act-decline-tip = tip declined
act-pause = all sending paused
act-resume = sending resumed
editor-card =
    <b>{ $name }</b>
    Role: { $role }
    In the newsroom since { $since }

    Each button changes the role at once.
editor-owner-by-setting = Done. This id is in OWNER_IDS: unless it is removed there, they become an owner again when Peyk starts next.
role-changed =
    Your role in the newsroom has changed: { $role ->
        [owner] { role-owner }
        [editor] { role-editor }
        [moderator] { role-moderator }
       *[author] { role-author }
    }. Commands: /help
staff-removed = You are no longer in the newsroom. You still receive the news.
invitations-title = <b>Open invitations</b>
invitation-open = { $place_text }. { $role } · until { $until }
invitation-gone = This invitation is no longer open. See /editors
button-uninvite = { $place_text } · Retract: { $role }


## Announcements

announcement-from = From the newsroom
announcement-retracted = This announcement was retracted.
announce-whom-ask = <b>New announcement</b>: to whom?
announce-whom-wanted = Press one of the buttons, or write the name of a category. To cancel: /cancel
announce-all = Every chat
announce-followers = Followers of { $name }
announce-text-ask = Write the announcement in one message.
announce-text-only = An announcement is only text. Write it in one message. To cancel: /cancel
announce-too-long = The announcement has { $length_text } characters; the limit is { $most_text }.
announce-nobody = This announcement would reach nobody.
announce-card = 📢 Send the announcement above, exactly as it looks, to <b>{ $whom }</b>?
announce-extent = Chats: { $count_text }; time needed: { $duration }
announce-stars = Price: at most { $stars_text } Telegram Stars
announce-quiet = Chats in quiet hours get it when those end.
button-yes-announce = Yes, send it
announce-sent = 📢 The announcement is on its way: <b>{ $title }</b>
announce-soon = The recipients are still being counted…
announce-arrived = ✅ Announcement sent: <b>{ $title }</b>
button-retract = ↩️ Retract
announce-retract-sure = Retract the announcement “{ $title }” from every chat? This cannot be undone.
announce-retracted = ✅ The announcement was retracted.


## Attachments and editing side by side

button-attachments = 🖼 Attachments ({ $count_text })
button-as-post = 📢 Channel view
button-look-usual = 👁 Usual view
button-back-to-preview = Back to the preview
preview-attached = 📎 Attached: { $attached }
attachments-kept = Attached; { $count_text } in all. Continue.
attachments-too-many = An article can have at most { $most_text } attachments. This one was not added.
collecting-album = The album was received. If there are more photos or text, send them; press “Done” at the end.
post-forwarded = This message is from the channel “{ $name }”, which will be named as the source. Continue or press “Done”.
button-no-source = Without source
tags-too-many = You wrote { $length_text } tags; the limit is { $most_text }.
tag-too-long = The tag “{ $tag }” is too long; a tag can have at most { $most_text } characters.
edit-section-too-long = The section's name has { $length_text } characters; the limit is { $most_text }.
link-unreadable = This address is not readable. Write the whole address, for example: <code>https://example.org/news/12</code>
button-edit-media = Attachments
button-edit-section = Section
button-edit-tags = Tags
button-edit-link = Source
button-no-section = Without section
button-no-tags = Without tags
button-no-link = Without source
button-attach = ➕ Add
button-detach-all = Remove all
edit-media-ask =
    { $count ->
        [0] This article has no attachments.
        [one] This article has one attachment. Remove it?
       *[other] This article has { $count_text } attachments. Which one should be removed?
    }
edit-attach-ask = Send photos, videos, sounds or files; an article can have at most { $most_text } attachments. Press “Done” at the end.
edit-attach-wanted = This message has no attachment. Send a photo, video, sound or file, and press “Done” at the end. To cancel: /cancel
edit-section-ask = Write the section's name. To cancel: /cancel
edit-tags-ask = Write the tags, separated by commas or #. To cancel: /cancel
edit-link-ask = Write the address of the source. To cancel: /cancel
media-photo = Photo
media-video = Video
media-document = File
media-audio = Audio
media-voice = Voice message
media-video_note = Round video
media-animation = Animation
attached-photo =
    { $count ->
        [one] one photo
       *[other] { $count_text } photos
    }
attached-video =
    { $count ->
        [one] one video
       *[other] { $count_text } videos
    }
attached-document =
    { $count ->
        [one] one file
       *[other] { $count_text } files
    }
attached-audio =
    { $count ->
        [one] one audio file
       *[other] { $count_text } audio files
    }
attached-voice =
    { $count ->
        [one] one voice message
       *[other] { $count_text } voice messages
    }
attached-video_note =
    { $count ->
        [one] one round video
       *[other] { $count_text } round videos
    }
attached-animation =
    { $count ->
        [one] one animation
       *[other] { $count_text } animations
    }
formatting-changed = same words, new formatting
part-title = Title
part-lead = Lead
part-body = Text
part-photo = Photo
part-media = Attachments
part-section = Section
part-tags = Tags
part-link = Source
part-note = Correction note
editing-held = { $name } has been editing article { $id } since { $since }. Wait, or take over; they will be told.
editing-taken-over = { $name } has taken over the editing of article { $id }. What you wrote is not lost: if the article changes, you will be asked when you finish.
button-take-over = ✋ Take over
publish-held = { $name } has been editing article { $id } since { $since }. Publish it as it is?
button-yes-publish = Yes, publish
conflict-card = Article { $id } was changed while you were writing (last by { $name }). Your text was kept; what should be done with it?
conflict-somebody = its source
conflict-changes = <b>What changed in article { $id } since you started</b>
conflict-category = Category: { $name }
conflict-yours = <b>Your text, compared with the newest version</b>
button-show-changes = 🔍 Show the changes
button-put-on-top = ✅ Save over the newest version
button-drop-mine = ✖️ Discard mine


## Delivery

article-retracted = This article was retracted.
part-empty = The text is shorter now; all of it is in the messages above.
button-rest = Continue in the new text
chat-lost = Peyk can no longer post in “{ $title }”. To continue, make it an administrator there with the right to post; its settings are kept.
chat-found = Peyk can post in “{ $title }” again.
topic-lost = Peyk can no longer post in the topic “{ $topic }” of “{ $title }”: it was closed or deleted. Open it again or stop following there.
markup-refused = Telegram refused the formatting of a message, and it was sent as plain text. Telegram's answer: { $reason }
outbox-asks = It is not known whether a message reached “{ $title }”. Please look there, then decide in /outbox

## Copy editor

button-copy-edits = 🖋 Corrections: { $count_text }
button-copy-proposals = 🖋 Proposals: { $count_text }
copy-edit-would = 🖋 <b>The copy editor</b> would correct article { $id }:
copy-edit-nothing = The copy editor found nothing to correct in article { $id }.
button-copy-edit-apply = ✅ Apply corrections
copy-edited = 🖋 <b>The copy editor</b> corrected article { $id }:
copy-edit-proposals = Proposals of the copy editor for article { $id }:
copy-edit-change = ▪️ { $before } → { $after }
copy-edit-proposal = { $place_text }. { $before } → { $after }
copy-edit-more = { $count ->
    [one] and one more place
   *[other] and { $count_text } more places
}
copy-edit-undone = Article { $id } is as you wrote it again.
copy-edit-applied = The proposals of the copy editor were applied to article { $id }.
button-copy-edit-undo = ↩️ Undo
button-copy-edit-one = Proposal { $place_text }
button-copy-edit-all = ✅ All proposals

## The newsroom's words

house-words-title =
    { $count ->
        [0] 📖 <b>The newsroom's words</b>
        [one] 📖 <b>The newsroom's words</b> · { $count_text } word
       *[other] 📖 <b>The newsroom's words</b> · { $count_text } words
    }
    The copy editor writes these words as the newsroom spells them, or leaves them as they are.
house-words-none = There are no words yet.
house-word-preferred = ▪️ { $word } → { $spelling }
house-word-left = ▪️ { $word } · left as it is
house-words-ask =
    Write the words, one on each line and at most { $most_text } lines:
    <code>طهران = تهران</code> to have “طهران” always become “تهران”;
    <code>دیجی‌کالا</code> alone to have the copy editor leave it as it is.
house-words-unreadable = “{ $line }” was not understood. Write one word on each line, or two with = between them.
house-words-too-long = This has { $length_text } characters; the limit is { $most_text }.
house-words-same = “{ $word }” and its replacement are the same. To have it left as it is, write it once.
house-words-number = “{ $word }” is a number, and a number is not replaced by another. Write a word with it.
house-words-many-lines = The limit is { $most_text } words in one message. Send the others in the next one.
house-words-too-many = The limit is { $most_text } words. Remove one first.
house-words-chain = “{ $word }” cannot become “{ $spelling }”, because “{ $spelling }” becomes “{ $other }” itself. Write the final spelling.
house-words-gone = This word is no longer among the newsroom's words.
house-words-remove-sure = Remove this word?
button-house-words = 📖 Our words
button-add-words = ➕ Add words
button-remove-word = 🗑 { $word }
button-yes-remove-word = Yes, remove it

## The HTTP API

api-key-reused = This Idempotency-Key was used for another request.
api-two-bodies = Send the body as text or as HTML, not both.
webhook-given-up = ⚠️ The webhook { $target } has not taken the news about article { $id } for three days. Check its address in WEBHOOKS_OUT.

## Backups

outbox-paused-restored = ⏸ A backup was restored { $when }, and all sending is paused: what was sent after the backup would be sent again. Look at what waits, then: /resume
restored-paused = ⏸ A backup was restored { $when }. All sending is paused until somebody has looked at /outbox: what was sent after the backup would be sent again. Then: /resume
backup-failed = ⚠️ The backup failed: { $reason }. Peyk tries again every half hour.
