### Qui peut voir quoi d'un dossier : libellés, et le rapport que la personne peut recevoir.

access-because-holder = Elle est responsable du dossier
access-because-referral = Elle a reçu une orientation
access-because-coordination = Elle coordonne les orientations du programme

consent-field-case-identifier = le numéro du dossier
consent-field-need = le type d'aide recherché et ce qui en a été écrit
consent-field-goals = les objectifs dans vos propres mots
consent-field-urgency = l'urgence de l'aide
consent-field-age-band = la tranche d'âge
consent-field-sex = le sexe
consent-field-language = la langue
consent-field-contact-through-sender = le fait que l'on peut vous joindre par l'organisation qui vous a orienté

access-report-title = Qui peut voir des informations sur le dossier { $identifier }, au { $date }
access-report-running = Actuellement :
access-report-ended = Dans le passé :
access-report-holder = { $organization } est responsable du dossier et travaille avec vous, depuis le { $since }.
access-report-coordination = { $organization } coordonne les orientations du programme, depuis le { $since }. Elle voit où en est chaque orientation, et rien sur vous.
access-report-referral = { $organization } a reçu une orientation et voit depuis le { $since } : { $fields }.
access-report-referral-ended = { $organization } a reçu une orientation. Du { $since } au { $until }, elle a vu : { $fields }.
access-report-rights = Vous pouvez à tout moment demander une correction, retirer votre accord ou déposer une plainte. Le retrait ne vous fait pas perdre une aide déjà commencée.
