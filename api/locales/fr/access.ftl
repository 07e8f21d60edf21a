### Qui peut voir quoi d'un dossier : libellés, et le rapport que la personne peut recevoir.

criterion-age-between = De { $minimum } à { $maximum } ans
criterion-age-from = À partir de { $minimum } ans
criterion-age-to = Jusqu’à { $maximum } ans
criterion-sex-female = Réservé aux femmes et aux filles
criterion-sex-male = Réservé aux hommes et aux garçons
criterion-sex-other = Réservé aux personnes d’un autre sexe
criterion-sex-unknown = Pour les personnes dont le sexe n’est pas indiqué
criterion-return-type = Réservé aux personnes revenues de cette façon : { $values }
criterion-returnees = Réservé aux personnes de retour
criterion-area = Réservé aux personnes qui habitent ici : { $values }
criterion-language = Une de ces langues est parlée : { $values }
criterion-documents = À apporter : { $values }
criterion-places = Une place est libre
criterion-open = Le service reçoit des orientations en ce moment

check-answer-pass = Remplie
check-answer-fail = Non remplie
check-answer-unknown = Inconnue

freshness-never-verified = Le prestataire n’a jamais confirmé la fiche
freshness-stale = Le prestataire n’a pas confirmé la fiche à temps
freshness-aging = Le prestataire devrait bientôt confirmer la fiche
freshness-capacity-outdated = Le nombre de places a été indiqué il y a plus de deux semaines
freshness-silence = Des orientations sont restées sans réponse
freshness-capacity-declines = Des orientations ont été refusées faute de place alors que des places étaient annoncées
freshness-open-corrections = Quelqu’un a trouvé une erreur dans la fiche et le prestataire n’a pas répondu

closed-because-funding-ended = Le financement a pris fin

access-because-holder = Elle est responsable du dossier
access-because-referral = Elle a reçu une orientation
access-because-coordination = Elle coordonne les orientations du programme
access-because-former-holder = Elle était responsable du dossier auparavant
access-because-transfer-proposed = Il lui a été proposé de reprendre le dossier

consent-field-case-identifier = le numéro du dossier
consent-field-need = le type d'aide recherché et ce qui en a été écrit
consent-field-goals = les objectifs dans vos propres mots
consent-field-urgency = l'urgence de l'aide
consent-field-age-band = la tranche d'âge
consent-field-sex = le sexe
consent-field-language = la langue
consent-field-contact-through-sender = le fait que l'on peut vous joindre par l'organisation qui vous a orienté
consent-field-prior-help = l'aide que vous avez reçue ou demandée ailleurs
consent-field-given-name = le prénom
consent-field-family-name = le nom de famille
consent-field-birth-date = la date de naissance
consent-field-nationality = la nationalité
consent-field-document-numbers = les numéros de documents
consent-field-phone = le numéro de téléphone
consent-field-email = l'adresse électronique
consent-field-address = l'adresse
consent-field-caregiver = qui s'occupe de l'enfant
consent-field-protective-factors = ce qui renforce et protège la personne
consent-field-health-needs = les besoins de santé
consent-field-unaccompanied-child = le fait qu'un enfant est sans adulte qui s'en occupe
consent-field-separated-child = le fait qu'un enfant est séparé de ses parents
consent-field-victim-of-trafficking = le fait que la personne a été victime de traite
consent-field-survivor-gbv = le fait que la personne a subi des violences fondées sur le genre
consent-field-survivor-violence-abuse = le fait que la personne a subi des violences ou des abus
consent-field-smuggling-abuse = le fait que la personne a subi des abus de passeurs
consent-field-chronic-illness = une maladie de longue durée
consent-field-mental-health = un besoin de soins de santé mentale
consent-field-disability = un handicap
consent-field-pregnant-lactating = une grossesse ou un allaitement
consent-field-older-person = le fait d'être une personne âgée à risque
consent-field-single-headed-household = le fait d'être seul à la tête d'un ménage
consent-field-child-headed-household = un ménage dirigé par un enfant
consent-field-sogiesc = un risque lié à l'orientation sexuelle ou à l'identité de genre
consent-field-minority-indigenous = l'appartenance à une minorité ou à un peuple autochtone
consent-field-intl-protection-need = un besoin possible de protection internationale
consent-field-ex-detainee = le fait que la personne a été détenue
consent-field-indebted = des dettes dues à la migration

access-report-title = Qui peut voir des informations sur le dossier { $identifier }, au { $date }
access-report-running = Actuellement :
access-report-ended = Dans le passé :
access-report-holder = { $organization } est responsable du dossier et travaille avec vous, depuis le { $since }.
access-report-coordination = { $organization } coordonne les orientations du programme, depuis le { $since }. Elle voit où en est chaque orientation, et rien sur vous.
access-report-former-holder = { $organization } a été responsable du dossier du { $since } au { $until }. Elle n’en voit plus rien.
access-report-transfer = Il est proposé à { $organization } depuis le { $since } de reprendre votre dossier ; elle voit : { $fields }.
access-report-transfer-ended = Il a été proposé à { $organization } de reprendre votre dossier. Du { $since } au { $until }, elle a vu : { $fields }.
access-report-referral = { $organization } a reçu une orientation et voit depuis le { $since } : { $fields }.
access-report-referral-ended = { $organization } a reçu une orientation. Du { $since } au { $until }, elle a vu : { $fields }.
access-report-rights = Vous pouvez à tout moment demander une correction, retirer votre accord ou déposer une plainte. Le retrait ne vous fait pas perdre une aide déjà commencée.
