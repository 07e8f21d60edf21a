### Ce que lisent les utilisateurs quand une saisie enfreint une règle : le problème et la suite, sans données personnelles.

error-required = Cette information manque. Veuillez la saisir.
error-invalid = Cette valeur n’a pas la forme attendue. Veuillez la vérifier et la saisir à nouveau.
error-too-long = Ce texte est trop long. Veuillez le raccourcir.
error-not-found = Rien ne correspond à cet identifiant, ou bien votre organisation n’y a pas accès. Veuillez vérifier l’identifiant.
error-not-permitted = Votre rôle ne permet pas cette modification. Veuillez vous adresser à un collègue habilité ou à votre administrateur.
error-wrong-state =
    Cette étape n’est pas possible actuellement. État actuel : { $current }. { $possible ->
        [none] Vous ne pouvez effectuer aucune étape.
       *[other] Veuillez choisir l’une de ces étapes : { $possible }.
    }
error-stale-version = Quelqu’un a modifié ces données entre-temps. Veuillez les recharger (version actuelle : { $current }) et refaire votre modification.
error-already-exists = Cet élément existe déjà. Veuillez utiliser l’entrée existante.
error-consent-missing = Aucun consentement valable ne couvre ce destinataire, cette finalité et ces informations. Veuillez d’abord demander l’accord de la personne et l’enregistrer.
error-consent-expired = Le consentement a expiré. Veuillez le redemander à la personne et enregistrer le nouveau consentement.
error-capacity-taken = Aucune place n’est disponible. Veuillez utiliser la liste d’attente, s’il y en a une, ou choisir un autre service.
error-service-stale = Les informations sur ce service n’ont pas été confirmées à temps, il ne peut donc recevoir personne par orientation. Veuillez demander au fournisseur de les confirmer ou choisir un autre service.
error-service-closed = Ce service n’accepte actuellement aucune orientation. Veuillez choisir un autre service.
error-service-unclassified = Ce service n’a pas encore de catégorie et ne peut donc recevoir personne par orientation. Veuillez demander au fournisseur d’en ajouter une ou choisir un autre service.
error-incomplete = Il manque encore des éléments : { $missing }. Veuillez les ajouter et réessayer.
error-duplicate-referral = Une orientation vers ce service est déjà ouverte pour ce besoin. Veuillez poursuivre avec celle-ci.
error-need-closed = Ce besoin n’est plus ouvert. Veuillez enregistrer un nouveau besoin si une aide est à nouveau nécessaire.
error-case-closed = Ce dossier est clos et ne peut plus être modifié. Veuillez ouvrir un nouveau dossier si une aide est à nouveau nécessaire.
error-open-referrals = Des orientations vers des services sont encore ouvertes pour ce dossier. Veuillez d’abord les terminer ou les retirer.
error-reason-not-allowed = Ce motif ne convient pas à cette étape. Veuillez en choisir un autre.
error-text-required = Ce choix demande une explication. Veuillez ajouter un court texte sans données personnelles.
error-outcome-missing = Il manque un résultat pour au moins un objectif. Veuillez en saisir un pour chaque objectif.
error-date-out-of-range = Cette date est trop ancienne ou trop tardive. Veuillez la vérifier.
error-idempotency-conflict = Cette clé de requête a déjà servi pour un autre contenu. Veuillez renvoyer la requête avec une nouvelle clé.
error-not-in-program = Cette organisation ne participe pas au programme. Veuillez choisir un partenaire du programme ou demander à l’organisation chef de file de l’ajouter.
error-not-agreed = La personne n’a pas encore donné son accord à ce plan. Veuillez d’abord enregistrer son accord.
error-not-now = Cette étape n’est pas possible dans la situation actuelle. Veuillez recharger et choisir une étape possible.
error-agreement-missing = Aucun accord en vigueur avec cette organisation ne couvre ce service et cette zone en autorisant : { $missing }. Veuillez en conclure un ou enregistrer un consentement sans ces informations.
error-review-required = Le programme approuve les services avant leur publication. Veuillez rédiger un brouillon et le soumettre.
error-paused = Ce service a suspendu l’accueil de nouvelles personnes orientées. Veuillez réessayer plus tard ou choisir un autre service.
error-asked-too-often = Des informations ont déjà été demandées deux fois, ce qui est le maximum. Veuillez décider avec ce que vous avez, ou refuser avec un motif.
error-not-offered-by-service = Ce service ne propose pas cela. Veuillez choisir une autre voie, ou demander au prestataire de modifier la fiche du service.
error-too-late = Le délai pour faire cela est passé. Veuillez recharger l’orientation et voir quelles étapes sont possibles maintenant.
error-member-unsuitable = L’orientation ne peut pas être confiée à cette personne : aucun membre actif de votre organisation portant cet identifiant ne décide ni ne réalise de services dans ce programme. Veuillez choisir un collègue qui le fait.
error-last-administrator = Plus personne ne gérerait les membres et les applications de votre organisation. Veuillez d’abord nommer une autre administratrice ou un autre administrateur.
