"""Finnish sentences of the verification report."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # the plain answer
    "summary.awaiting": (
        "Tähän asti allekirjoitettu on pätevää ja muuttumatonta. Vielä tyhjiä allekirjoituskenttiä: {empty}."
    ),
    "summary.complete": ("Tämä asiakirja on täydellinen, muuttumaton ja kaikkien siinä nimettyjen allekirjoittama."),
    "summary.passed": (
        "Jokainen tämän asiakirjan allekirjoitus on pätevä, eikä mitään ole muutettu, mitä allekirjoittaminen ei salli."
    ),
    "summary.failed": (
        "Jokin tämän asiakirjan allekirjoitus on rikki: allekirjoitettu sisältö ei ole se, mikä tiedostossa on."
    ),
    "summary.no_signature": "Tässä asiakirjassa ei ole allekirjoitusta.",
    "summary.errors": "Allekirjoitukset pitävät, mutta jokin muu tässä tiedostossa ei ole kunnossa.",
    "summary.untrusted": (
        "Allekirjoitettu sisältö on muuttumaton, mutta allekirjoittajaa ei voi vahvistaa: myöntäjä ei "
        "kuulu luotettuihin juuriin."
    ),
    "summary.no_revocation": (
        "Allekirjoitettu sisältö on muuttumaton, mutta varmenteen peruutusta ei voitu tarkistaa."
    ),
    "summary.revoked": (
        "Allekirjoitettu sisältö on muuttumaton, mutta varmenne on peruutettu, eikä aiempaa käyttöä ole todistettu."
    ),
    "summary.expired": (
        "Allekirjoitettu sisältö on muuttumaton, mutta varmenne on vanhentunut, eikä aiempaa käyttöä ole todistettu."
    ),
    "summary.undecided": (
        "Allekirjoitettu sisältö on muuttumaton, mutta ainakin yhtä allekirjoitusta ei voitu vahvistaa."
    ),
    "summary.document.not_a_pdf": "Tämä tiedosto ei ole PDF.",
    "summary.document.unreadable": "Tätä tiedostoa ei voi lukea PDF-tiedostona.",
    "summary.document.encrypted": "Tämä asiakirja on lukittu salasanalla, eikä sitä voi tarkistaa.",
    "summary.document.too_many_revisions": "Tämä asiakirja on tallennettu useammin kuin voidaan tarkistaa.",
    "summary.document.cut_short": "Tämä tiedosto on katkennut: sen loppu puuttuu.",
    "summary.document.trailing_bytes": (
        "Allekirjoitukset pitävät, mutta asiakirjan lopun jälkeen on tavuja, joita kukaan ei ole allekirjoittanut."
    ),
    "summary.document.signature_removed": "Asiakirjassa aiemmin ollut allekirjoitus on poistettu.",
    "summary.expected.cut_off": (
        "Tiedoston allekirjoitukset pitävät, mutta tämä on aiempi tila: myöhemmät allekirjoitukset on leikattu pois."
    ),
    "summary.expected.not_the_file": (
        "Tiedoston allekirjoitukset pitävät, mutta tämä ei ole lokiimme kirjattu tiedosto."
    ),
    "summary.expected.signatory_unexpected": "Joku, jota lokimme ei odota, on allekirjoittanut.",
    "summary.expected.signatory_different": "Odotetun allekirjoittajan sijasta allekirjoitti joku muu.",
    "summary.expected.signature_missing": "Lokiimme kirjattu allekirjoitus puuttuu tästä tiedostosta.",
    "summary.expected.stamp_missing": "Lokiimme kirjattu aikatodiste puuttuu tästä tiedostosta.",
    "summary.change.locked_field": (
        "Allekirjoitettu on muuttumaton, mutta allekirjoituksen lukitsemaa kenttää on muutettu jälkeenpäin."
    ),
    "summary.change.not_permitted": (
        "Allekirjoitettu on muuttumaton, mutta asiakirjaa on muutettu jälkeenpäin tavalla, jota sen vahvistus ei salli."
    ),
    "summary.change.unexplained": (
        "Allekirjoitettu on muuttumaton, mutta asiakirjaa on muutettu jälkeenpäin tavalla, jota ei voitu "
        "selittää automaattisesti."
    ),
    "summary.change.covering_field": (
        "Allekirjoitettu on muuttumaton, mutta sen päälle on jälkeenpäin asetettu kenttä."
    ),
    "summary.change.annotation": (
        "Allekirjoitettu on muuttumaton, mutta huomautuksia on lisätty tai muutettu allekirjoittamisen jälkeen."
    ),
    "summary.run.timed_out": "Tarkistus kesti liian kauan ja keskeytettiin.",
    "summary.run.crashed": "Tämän tiedoston tarkistus päättyi odottamatta.",
    "summary.run.too_large": "Tämä tiedosto on suurempi kuin voidaan tarkistaa.",
    # findings
    "finding.document.not_a_pdf": "Tiedosto ei ala PDF:n tavoin ({problem}).",
    "finding.document.unreadable": "Tiedoston rakennetta ei voi lukea ({problem}).",
    "finding.document.encrypted": "Asiakirja on salattu ({problem}).",
    "finding.document.read_leniently": (
        "Tiedosto ei noudata PDF-standardia tarkasti ja luettiin sallivasti ({problem})."
    ),
    "finding.document.cut_short": "Tiedoston loppua ei voi lukea; se tarkistettiin tavuun {at} asti.",
    "finding.document.no_signature": ("Missään asiakirjan kentässä ei ole henkilön tai organisaation allekirjoitusta."),
    "finding.document.trailing_bytes": (
        "Tiedoston loppumerkin jälkeen on {count} tavua; mikään allekirjoitus ei kata niitä."
    ),
    "finding.document.trailing_padding": "Tiedoston loppumerkin jälkeen on {count} tyhjää tavua.",
    "finding.document.judged_in_the_past": ("Valittu tarkistusaika on ennen allekirjoituksen todistettua aikaa."),
    "finding.document.too_many_signatures": "Vain ensimmäiset {limit} allekirjoitusta tutkittiin.",
    "finding.document.too_many_revisions": "Yli {problem} versiota: ei tutkittu.",
    "finding.document.signature_removed": (
        "Versiossa {revision} ollut allekirjoitus ”{field}” ei ole enää asiakirjassa."
    ),
    "finding.document.scripts": "Asiakirjassa on skriptejä tai toimintoja: {detail}.",
    "finding.document.prepared_content": ("Asiakirjassa on sisältöä, jonka voi näyttää tai piilottaa: {count} tasoa."),
    "finding.run.timed_out": "Tarkistus keskeytettiin {seconds} sekunnin jälkeen.",
    "finding.run.crashed": "Tiedostoa lukeva erillinen prosessi päättyi ilman tulosta ({problem}).",
    "finding.run.too_large": "Tiedostossa on {size} tavua; enintään {limit} tutkitaan.",
    "finding.signature.empty_field": "Allekirjoituskenttä ”{field}” on tyhjä.",
    "finding.signature.unknown_subfilter": ("Allekirjoituksen ”{field}” muotoa ei tueta tässä ({subfilter})."),
    "finding.signature.not_in_form": (
        "Tiedostossa on allekirjoituksen tavut ({field}), mutta mikään kenttä ei johda niihin."
    ),
    "finding.signature.not_analysed": "Allekirjoitusta ”{field}” ei voitu tutkia.",
    "finding.signature.malformed": (
        "Allekirjoitus ”{field}” on virheellinen: sen sisältö ei ole luettava allekirjoitus."
    ),
    "finding.signature.byte_range": "Allekirjoituksen ”{field}” tavualue ei ole sallittu ({problem}).",
    "finding.signature.coverage": "Allekirjoitus ”{field}” ei kata koko versiota, johon se kuuluu.",
    "finding.signature.hash_mismatch": "Tavuja, jotka ”{field}” allekirjoitti, on muutettu sen jälkeen.",
    "finding.signature.value_invalid": "Allekirjoituksen ”{field}” arvo ei vastaa varmenteen avainta.",
    "finding.signature.padding": ("Allekirjoituksen ”{field}” takana, missä kuuluu olla vain nollia, on muita tavuja."),
    "finding.signature.shared_value": "Kenttä ”{field}” osoittaa kentän ”{other}” allekirjoitukseen.",
    "finding.signature.untrusted_root": "Allekirjoituksen ”{field}” varmenne ei johda luotettuun juureen.",
    "finding.signature.no_revocation_information": (
        "Mikään ajantasainen tieto ei kerro, onko allekirjoituksen ”{field}” varmenne peruutettu."
    ),
    "finding.signature.revocation_not_current": (
        "Tieto varmenteen peruutuksesta kohteen ”{field}” takana ei ole ajantasainen; se ulottuu leiman aikaan."
    ),
    "finding.signature.revoked": (
        "Allekirjoituksen ”{field}” varmenne peruutettiin {time}, eikä aiempaa käyttöä ole todistettu."
    ),
    "finding.signature.outside_validity": (
        "”{field}” arvioidaan varmenteen voimassaolon ulkopuolella, eikä aiempaa allekirjoitusta ole todistettu."
    ),
    "finding.signature.chain_problem": ("Allekirjoituksen ”{field}” varmenneketju ei täytä vaatimuksia ({sub})."),
    "finding.signature.weak_algorithm": "”{field}” käyttää algoritmia, jota ei pidetä turvallisena.",
    "finding.signature.time_not_proved": (
        "Mikään luotettu aikaleima ei todista, milloin ”{field}” tehtiin; ohjelma väittää {time}."
    ),
    "finding.signature.stamp_broken": ("Allekirjoituksen ”{field}” aikaleima ({authority}, {time}) on rikki."),
    "finding.signature.stamp_not_trusted": (
        "Allekirjoituksen ”{field}” aikaleimaa ({authority}, {time}) ei voitu vahvistaa ({sub})."
    ),
    "finding.change.unexplained": (
        "Versio {revision} muutti asiakirjaa tavalla, jota ei voitu selittää automaattisesti: {detail}."
    ),
    "finding.change.annotation": "Versio {revision} lisäsi tai muutti huomautuksia: {detail}.",
    "finding.change.form_fill": "Versio {revision} täytti lomakekenttiä: {fields}. {detail}",
    "finding.change.not_permitted": (
        "Vahvistus ”{field}” sallii vain tason {permission} muutokset; myöhemmin tuli: {kind}."
    ),
    "finding.change.locked_field": "”{field}” lukitsee kenttiä, joita on muutettu jälkeenpäin: {fields}.",
    "finding.change.explained_by_content": (
        "Versio {revision} kirjoitti objekteja uudelleen muuttamatta mitään näkyvää."
    ),
    "finding.change.covering_field": ("Versio {revision} asetti uuden kentän ”{field}” suuren osan sivua päälle."),
    "finding.expected.signature_missing": "Allekirjoitus puuttuu: {name} (kenttä ”{field}”).",
    "finding.expected.signatory_unexpected": (
        "”{name}” allekirjoitti kentässä ”{field}”; lokimme ei odota siinä allekirjoitusta."
    ),
    "finding.expected.signatory_different": (
        "Kentässä ”{field}” allekirjoitti ”{name}”; lokimme odottaa ”{expected}”."
    ),
    "finding.expected.stamp_missing": "Lokiimme kirjattu aikatodiste puuttuu ({what}).",
    "finding.expected.cut_off": "Tämä on tila {place}/{total} lokissamme: myöhempi on leikattu pois.",
    "finding.expected.not_the_file": "Lokissamme on tälle sopimukselle toinen tiedosto.",
    "finding.expected.matches": "Tämä on lokiimme sopimukselle {number} kirjattu tiedosto.",
    "agreement.matches": "sopimus {number}, merkinnät {entries}",
    "agreement.differs": "sopimus {number}: poikkeaa lokistamme",
    # steps
    "step.format": "Allekirjoituksen muoto",
    "step.format.ok": "{subfilter}, sisältö on luettava CMS",
    "step.format.unknown": "muotoa {subfilter} ei tueta tässä",
    "step.format.malformed": "{subfilter}, sisältöä ei voi lukea",
    "step.byte_range": "Allekirjoitettu tavualue",
    "step.byte_range.ok": "{signed} tavua, tavuun {end} asti, aukko on täsmälleen allekirjoitus",
    "step.byte_range.bad": "ei sallittu: {problem}",
    "step.byte_range.not_analysed": "ei voitu tutkia",
    "step.digest": "Allekirjoitettujen tavujen tiiviste",
    "step.digest.ok": "{algorithm} {digest} on sama kuin allekirjoitettu tiiviste",
    "step.digest.bad": "tiedoston {algorithm} on {digest}; allekirjoitettu oli toinen",
    "step.digest.unknown": "ei voitu ratkaista ({detail})",
    "step.value": "Allekirjoituksen arvo",
    "step.value.ok": "todentuu varmenteen avaimella",
    "step.value.bad": "ei todennu varmenteen avaimella",
    "step.stamps": "Allekirjoituksen aikaleima",
    "step.stamps.none": "ei ole",
    "step.stamps.ok": "{time}, {authority}, vahvistettu",
    "step.stamps.broken": "{time}, {authority}, rikki",
    "step.stamps.untrusted": "{time}, {authority}, ei vahvistettu ({sub})",
    "step.time": "Paras allekirjoitusaika",
    "step.time.proved": "oli olemassa {time}, aikaleiman todistamana",
    "step.time.claimed": "ei todistettu; allekirjoittajan ohjelma väittää {time}",
    "step.chain": "Varmenneketju",
    "step.chain.ok": "johtaa juureen ”{anchor}”, arvioitu ajassa {time}",
    "step.chain.bad": "{sub}, arvioitu ajassa {time}",
    "step.chain.not_analysed": "ei voitu tutkia",
    "step.revocation": "Peruutus",
    "step.revocation.ok": "mitään ketjun varmennetta ei ollut peruutettu, arvioitu ajassa {time}",
    "step.revocation.bad": "{sub}, arvioitu ajassa {time}; peruutettu: {revoked}",
    "step.acceptance": "Käyttötarkoitus, voimassaolo ja algoritmit",
    "step.acceptance.ok": "täyttävät vaatimukset, arvioitu ajassa {time}",
    "step.acceptance.bad": "{sub}, arvioitu ajassa {time}",
    "step.coverage": "Version kattavuus",
    "step.coverage.ok": "koko versio on allekirjoitettu",
    "step.coverage.bad": "osa versiosta on allekirjoitettujen tavujen ulkopuolella",
    "step.changes": "Muutokset tämän allekirjoituksen jälkeen",
    "step.changes.ok": "{kind}; kentät: {fields}",
    "step.changes.not_permitted": "ei sallittu: {kind}; kentät: {fields}",
    "step.level": "PAdES-taso tiedostossa",
    "step.level.read": "{level}",
    # one reason per verdict
    "reason.TOTAL_PASSED": "Eheä, luotettu, eikä jälkeenpäin ole muutettu mitään kiellettyä.",
    "reason.INDETERMINATE": "Sitä ei voitu tutkia tässä.",
    "reason.TOTAL_FAILED": "Se on rikki.",
    "reason.FORMAT_FAILURE": "Allekirjoituksen muoto on virheellinen.",
    "reason.HASH_FAILURE": "Allekirjoitettuja tavuja on muutettu.",
    "reason.SIG_CRYPTO_FAILURE": "Allekirjoituksen arvo ei vastaa avainta.",
    "reason.REVOKED": "Varmenne oli peruutettu ennen allekirjoittamista.",
    "reason.EXPIRED": "Varmenne oli vanhentunut ennen allekirjoittamista.",
    "reason.NOT_YET_VALID": "Varmenne ei ollut vielä voimassa todistettuna aikana.",
    "reason.SIG_CONSTRAINTS_FAILURE": "Eheä, mutta jokin tämän tarkistuksen vaatimus ei täyty.",
    "reason.not_covered": "Eheä, mutta ei kata koko versiota.",
    "reason.changed_class": "Eheä, mutta asiakirjaa on muutettu jälkeenpäin kielletyllä tavalla.",
    "reason.changed_field": "Eheä, mutta vahvistuksen jälkeen on lisätty näkyvä kenttä.",
    "reason.changed_locked": "Eheä, mutta sen lukitsemaa kenttää on muutettu jälkeenpäin.",
    "reason.stamp_broken": "Eheä, mutta sen aikaleima on rikki.",
    "reason.CHAIN_CONSTRAINTS_FAILURE": "Varmennetta ei ole tarkoitettu asiakirjojen allekirjoittamiseen.",
    "reason.CERTIFICATE_CHAIN_GENERAL_FAILURE": "Varmenneketjua ei voitu vahvistaa.",
    "reason.CRYPTO_CONSTRAINTS_FAILURE": "Jotakin algoritmia ei pidetä turvallisena.",
    "reason.CRYPTO_CONSTRAINTS_FAILURE_NO_POE": (
        "Jotakin algoritmia ei enää pidetä turvallisena, eikä aiempaa käyttöä ole todistettu."
    ),
    "reason.POLICY_PROCESSING_ERROR": "Jotakin käytäntöä ei voitu käsitellä.",
    "reason.SIGNATURE_POLICY_NOT_AVAILABLE": "Jokin käytäntö ei ole saatavilla.",
    "reason.TIMESTAMP_ORDER_FAILURE": "Aikaleimat ovat ristiriidassa.",
    "reason.NO_SIGNING_CERTIFICATE_FOUND": "Allekirjoitusvarmennetta ei löytynyt.",
    "reason.NO_CERTIFICATE_CHAIN_FOUND": "Eheä, mutta myöntäjä ei kuulu luotettuihin juuriin.",
    "reason.REVOKED_NO_POE": "Eheä, mutta varmenne on peruutettu, eikä aiempaa käyttöä ole todistettu.",
    "reason.REVOKED_CA_NO_POE": "Eheä, mutta myöntäjä on peruutettu, eikä aiempaa käyttöä ole todistettu.",
    "reason.OUT_OF_BOUNDS_NO_POE": ("Eheä, mutta varmenne on vanhentunut, eikä aiempaa käyttöä ole todistettu."),
    "reason.OUT_OF_BOUNDS_NOT_REVOKED": "Eheä, mutta arvioitu varmenteen voimassaolon ulkopuolella.",
    "reason.REVOCATION_OUT_OF_BOUNDS_NO_POE": "Eheä, mutta peruutustietoa itseään ei ole todistettu.",
    "reason.NO_POE": "Eheä, mutta mikään ei todista, milloin se oli olemassa.",
    "reason.TRY_LATER": "Eheä, mutta mikään ajantasainen tieto ei kerro, onko varmenne peruutettu.",
    "reason.SIGNED_DATA_NOT_FOUND": "Allekirjoitettuja tietoja ei löytynyt.",
    "reason.GENERIC": "Ei voitu ratkaista.",
    # classes of change
    "change.original": "asiakirja sellaisena kuin se ensin kirjoitettiin",
    "change.before_signing": "ennen ensimmäistä allekirjoitusta",
    "change.none": "ei mitään",
    "change.maintenance": "vain ylläpitoa",
    "change.signing": "allekirjoittaminen",
    "change.form_fill": "lomakekenttiä täytetty",
    "change.annotation": "huomautuksia",
    "change.unexplained": "ei voitu selittää automaattisesti",
    "revision.original": "Alkuperäinen teksti",
    "revision.before_signing": "Valmisteltu allekirjoitettavaksi",
    "revision.none": "Ei mitään",
    "revision.maintenance": "Todennustiedot",
    "revision.signing": "Allekirjoituskenttä",
    "revision.form_fill": "Lomakekentät",
    "revision.annotation": "Huomautukset",
    "revision.unexplained": "Selittämätön muutos",
    "revision.field": "uusi näkyvä kenttä",
    "revision.document_timestamp": "Asiakirjan aikaleima",
    "revision.certification": "Vahvistus: {name}",
    "revision.signature": "{name}",
    # differences between two revisions
    "difference.page_count": "sivujen määrä muuttui: {before} → {after}",
    "difference.page_content": "sivun {page} näkyvää sisältöä muutettiin ({key})",
    "difference.page_other": "sivua {page} muutettiin ({key})",
    "difference.page_metadata": "sivun {page} muokkausmerkinnät",
    "difference.catalog": "koko asiakirjan asetusta muutettiin ({key})",
    "difference.catalog_maintenance": "todennustietoja tai kuvaus lisättiin ({key})",
    "difference.annotation_added_annotation": "sivulle {page} lisättiin huomautus ({name})",
    "difference.annotation_added_signing": "sivulle {page} lisättiin allekirjoituskenttä ({name})",
    "difference.annotation_added_form_fill": "sivulle {page} lisättiin lomakekenttä ({name})",
    "difference.annotation_added_unexplained": "sivun {page} päälle asetettiin jotakin ({name})",
    "difference.annotation_changed_annotation": "sivun {page} huomautusta muutettiin ({name})",
    "difference.annotation_changed_signing": "sivun {page} allekirjoituskenttää muutettiin ({name})",
    "difference.annotation_changed_form_fill": "sivun {page} lomakekenttää muutettiin ({name})",
    "difference.annotation_changed_unexplained": "jotakin sivulla {page} muutettiin ({name})",
    "difference.annotation_removed": "sivulta {page} poistettiin jotakin ({name})",
    "difference.field_value": "kenttä ”{name}” oli ”{before}” ja on nyt ”{after}”",
    # what is not proved
    "not_proved.civil_identity": "siviilihenkilöllisyys kunkin sähköpostiosoitteen takana",
    "not_proved.time": "ilman luotettua aikaleimaa tehtyjen allekirjoitusten aika",
    "not_proved.changes": "mitä selittämättömät muutokset merkitsevät",
    "not_proved.long_term": "että tämän voi tarkistaa vielä varmenteiden vanhennuttua",
    "not_proved.completeness": "ettei myöhempää allekirjoitusta ole leikattu pois, ellei verrata lokiin",
    # headings and columns
    "heading.revisions": "Mitä lisättiin, versio versiolta",
    "heading.signatures": "Allekirjoitukset",
    "heading.stamps": "Asiakirjan aikaleimat",
    "heading.findings": "Havainnot",
    "heading.not_proved": "Mitä ei ole todistettu",
    "heading.steps": "Jokainen vaihe",
    "heading.certificates": "Varmenteet",
    "list.separator": "; ",
    "pair": "{name}: {value}",
    "column.signatory": "Allekirjoittaja",
    "column.verdict": "Tulos",
    "column.custody": "Avain oli",
    "column.certificate": "Varmenne",
    "column.time": "Aika (todistettu)",
    "column.changes": "Muutettu sen jälkeen",
    "column.integrity": "Allekirjoitettu sisältö",
    "column.level": "Taso",
    "column.file": "Tiedosto",
    "column.log": "Lokissamme",
    "column.readable": "Luettu",
    "column.step": "Vaihe",
    "column.result": "Tulos",
    "kind.signature": "allekirjoitus",
    "kind.document_timestamp": "asiakirjan aikaleima",
    "integrity.intact": "muuttumaton",
    "integrity.broken": "muuttunut",
    "integrity.undecidable": "ei ratkaistavissa",
    "custody.browser_held": "allekirjoittajan selaimessa",
    "custody.browser_held_passkey": "allekirjoittajan selaimessa, pääsyavaimella vahvistettu",
    "custody.own_certificate": "allekirjoittajalla: oma kortti tai ohjelma",
    "custody.remote_provider": "luottamuspalvelun tarjoajalla",
    "custody.pkcs11": "organisaatiolla, laitteistomoduulissa",
    "custody.software_seal": "palvelulla, avaintiedostossa",
    "custody.unknown": "ei tiedossa",
    # the page
    "page.judged": "arvioitu {time}",
    "page.signatures": "{count} allekirjoitusta",
    "page.signatures_one": "1 allekirjoitus",
    "page.stamps": "{count} asiakirjan aikaleimaa",
    "page.stamps_one": "1 asiakirjan aikaleima",
    "page.no_level": "ei PAdES-tasoa",
    "page.revision": "versio {n}",
    "page.certification": "vahvistus, ei henkilö",
    "page.not_proved": "ei todistettu",
    "page.claimed": "väitetty: {time}",
    "page.authority": "Taho",
    "page.notes": "Lisäksi huomattu",
    "page.issuer": "myöntäjä {issuer}",
    "page.issuer_unknown": "myöntäjä {issuer}, johon ei luoteta tässä",
    "page.standard": "menettely: ETSI EN 319 102-1",
    "readable.lenient": "sallivasti: tiedosto poikkeaa PDF-standardista",
    "severity.error": "Ongelma",
    "severity.warning": "Varoitus",
    "severity.info": "Huomio",
    "role.signatory": "allekirjoittaja",
    "role.timestamp": "aikaleimataho",
    "role.authority": "varmentaja",
    "role.anchor": "luotettu juuri",
    "role.other": "varmenne",
    "assurance.email_verified": "myönnetty tätä allekirjoitusta varten, sähköposti tarkistettu",
    "assurance.vouched_by_host": "myönnetty tätä allekirjoitusta varten, isännän takaama",
    "assurance.document_checked": "myönnetty tätä allekirjoitusta varten, henkilöasiakirja tarkistettu",
    "assurance.federated": ("myönnetty tätä allekirjoitusta varten, henkilöllisyys organisaation kirjautumisesta"),
}
