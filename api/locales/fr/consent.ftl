### Le relevé d’un consentement.

consent-record-title = Relevé d’un consentement
consent-record-holder = Enregistré par :
consent-record-receiver = Peut être communiqué à :
consent-record-fields = Quoi :
consent-record-purpose = À quelle fin :
consent-record-basis = Sur le fondement de :
consent-record-given-by = Donné par :
consent-record-given-on = Le :
consent-record-method = Comment :
consent-record-language = Expliqué en :
consent-record-notice = Version de la notice :
consent-record-report-back = Le destinataire peut dire à l’expéditeur ce qu’il en est advenu :
consent-record-child-view = L’avis de l’enfant :
consent-record-expires-on = Dernier jour de validité :
consent-record-report-back-ended = Retour d’information terminé :
consent-record-withdrawn = Retiré :
consent-record-withdrawn-by = La personne l’a demandé :
consent-record-disclosed = Ce qui a été communiqué
consent-record-nothing = Rien n’a été communiqué.
consent-record-to = À :
consent-record-from = Du :
consent-record-until = Au :
consent-record-lasts = C’est encore communiqué.
consent-record-redactions = Ce qui devait être supprimé
consent-record-asked = Demandé :
consent-record-confirmed = Suppression confirmée :
consent-record-unconfirmed = Pas encore confirmé ; échéance :
consent-record-comma = ,
consent-record-yes = oui
consent-record-no = non

basis-consent = le consentement
basis-vital-interest = un risque pour la vie ou la santé
basis-legal-duty = une obligation légale
basis-best-interests = l’intérêt supérieur de l’enfant

purpose-case-transfer = la remise du dossier à une autre organisation, qui le tient ensuite en entier
purpose-care = la prise en charge : orientation vers un service, et retour sur ce qu’il en est advenu
given-by-person = la personne
given-by-guardian = un tuteur
given-by-competent-authority = l’autorité compétente

consent-method-written = par écrit
consent-method-verbal = de vive voix
consent-method-mark = par une marque sur papier
consent-method-phone = par téléphone
consent-method-digital = sur son propre appareil

child-view-agrees = est d’accord
child-view-disagrees = n’est pas d’accord
child-view-too-young = trop jeune pour avoir un avis
child-view-not-asked = pas encore interrogé

person-channel-in-person = en personne
person-channel-phone = par téléphone
person-channel-message = par un message
person-channel-slip = avec le code de son bordereau
person-channel-representative = par quelqu’un qu’elle a envoyé
