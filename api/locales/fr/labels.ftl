### Libellés des codes.

referral-status-draft = Brouillon
referral-status-sent = Envoyée
referral-status-acknowledged = Réception confirmée
referral-status-info-requested = Informations demandées
referral-status-waitlisted = Sur liste d’attente
referral-status-offered = Place proposée
referral-status-accepted = Acceptée
referral-status-in-service = Service en cours
referral-status-on-hold = Suspendue
referral-status-cancel-requested = Annulation demandée
referral-status-completed = Terminée
referral-status-ended-early = Interrompue avant la fin
referral-status-declined = Refusée
referral-status-expired = Expirée sans décision
referral-status-withdrawn = Retirée par l’expéditeur
referral-status-voided = Enregistrée par erreur

reason-no-capacity = Aucune place disponible
reason-not-eligible = Conditions du service non remplies
reason-out-of-area = Hors de la zone desservie
reason-service-suspended = Service suspendu
reason-funding-ended = Fin du financement
reason-wrong-service = Service inadapté à ce besoin
reason-duplicate = Déjà orientée ou prise en charge
reason-incomplete-info = Informations incomplètes
reason-person-declined = La personne a refusé
reason-person-unreachable = La personne est injoignable
reason-person-moved = La personne a déménagé
reason-remigrated = La personne a de nouveau migré
reason-deceased = La personne est décédée
reason-no-longer-needed = Le besoin n’existe plus
reason-organization-unreachable = L’organisation est injoignable
reason-no-response = Pas de réponse dans les délais
reason-safety-risk = Risque pour la sécurité
reason-consent-withdrawn = Consentement retiré
reason-other = Autre motif

urgency-emergency = Urgence vitale
urgency-urgent = Urgent
urgency-routine = Ordinaire

dimension-economic = Économique
dimension-social = Social
dimension-psychosocial = Psychosocial

level-individual = Individuel
level-community = Communautaire
level-structural = Structurel

organization-kind-service-provider = Fournisseur de services
organization-kind-local-government = Gouvernement local
organization-kind-national-government = Gouvernement national
organization-kind-implementing-partner = Partenaire d’exécution
organization-kind-donor = Donateur

member-role-program-manager = Responsable de programme
member-role-case-manager = Chargé de dossier
member-role-intake = Accueil des orientations reçues
member-role-service-worker = Agent de prestation de services
member-role-supervisor = Superviseur
member-role-coordinator = Coordonnateur
member-role-me-officer = Responsable du suivi et de l’évaluation
member-role-directory-editor = Éditeur du répertoire
member-role-data-protection = Référent pour la protection des données
member-role-mental-health-professional = Professionnel de santé mentale
member-role-administrator = Administrateur

service-status-published = Publié
service-status-paused = En pause
service-status-retired = N’est plus proposé

visibility-public = Tout le monde
visibility-partners = Partenaires
visibility-own = Propre organisation

case-status-open = Ouvert
case-status-closed = Clos

case-stage-open = Ouvert
case-stage-assessing = En cours d’évaluation
case-stage-planned = Planifié
case-stage-in-progress = En cours
case-stage-follow-up = Suivi
case-stage-on-hold = En suspens
case-stage-transferred = Transféré
case-stage-closed = Clos

plan-status-draft = Projet
plan-status-agreed = Accepté par la personne
plan-status-active = En vigueur
plan-status-superseded = Remplacé

plan-item-status-planned = Prévu
plan-item-status-in-progress = En cours
plan-item-status-done = Réalisé
plan-item-status-dropped = Abandonné

close-reason-goals-met = Objectifs atteints
close-reason-program-ended = Fin du programme
close-reason-withdrew = La personne s’est retirée
close-reason-unreachable = La personne est injoignable
close-reason-remigrated = La personne a de nouveau migré
close-reason-transferred = Dossier transféré à une autre organisation
close-reason-deceased = La personne est décédée
close-reason-ineligible = Non admissible au programme

goal-result-achieved = Atteint
goal-result-partly = Partiellement atteint
goal-result-not-achieved = Non atteint

need-status-open = À satisfaire
need-status-met = Satisfait
need-status-partly-met = Partiellement satisfait
need-status-not-met = Non satisfait
need-status-withdrawn = Retiré

return-type-avrr = Aide au retour volontaire et à la réintégration
return-type-vhr = Retour volontaire humanitaire
return-type-spontaneous = Retour spontané
return-type-forced = Retour forcé
return-type-unspecified = Non précisé

contact-restriction-none = Aucune restriction
contact-restriction-not-stated = Non précisé : demandez d'abord à l'expéditeur
contact-restriction-no-sms = Pas de SMS
contact-restriction-no-call = Pas d'appels téléphoniques
contact-restriction-no-voicemail = Pas de message sur un répondeur
contact-restriction-no-email = Pas de courriel
contact-restriction-no-letter = Pas de courrier postal
contact-restriction-no-home-visit = Pas de visite à domicile
contact-restriction-not-through-others = Rien à la famille, aux voisins ni à la communauté
contact-restriction-only-through-sender = Uniquement par l'expéditeur
contact-restriction-other = Autre restriction

help-standing-asked = Demandée
help-standing-under-way = En cours
help-standing-given = Reçue
help-standing-ended = Terminée sans être menée à bien
