// What a person sees of this register: who acts, for whom, in which capacity, under which mandate, and a small form.

const TEXT = {
  nl: { title: 'Dossier', acts: 'U bent', represents: 'U handelt voor', capacity: 'Hoedanigheid', organization: 'Organisatie', mandate: 'Mandaat', until: 'tot en met', rights: 'Rechten', change: 'Kies een ander profiel', remark: 'Opmerking', save: 'Bewaren' },
  fr: { title: 'Dossier', acts: 'Vous êtes', represents: 'Vous agissez pour', capacity: 'Qualité', organization: 'Organisation', mandate: 'Mandat', until: 'jusqu’au', rights: 'Droits', change: 'Choisir un autre profil', remark: 'Remarque', save: 'Enregistrer' },
  de: { title: 'Akte', acts: 'Sie sind', represents: 'Sie handeln für', capacity: 'Eigenschaft', organization: 'Organisation', mandate: 'Mandat', until: 'bis einschließlich', rights: 'Rechte', change: 'Anderes Profil wählen', remark: 'Bemerkung', save: 'Speichern' },
  en: { title: 'File', acts: 'You are', represents: 'You act for', capacity: 'Capacity', organization: 'Organization', mandate: 'Mandate', until: 'until', rights: 'Rights', change: 'Choose another profile', remark: 'Remark', save: 'Save' },
};

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);

/// @param subject the id in the path (`/dossiers/{riziv}`), or null on the front page
export function page({ claims, subject, issuer, backend }) {
  const language = TEXT[claims.locale] ? claims.locale : 'nl';
  const text = TEXT[language];
  const facts = [
    ['actor', text.acts, claims.act?.name ?? claims.name],
    ['represented', text.represents, claims.act ? claims.name : claims.represents?.name],
    ['capacity', text.capacity, claims.profile?.capacity],
    ['organization', text.organization, claims.organization?.name],
    ['mandate', text.mandate, claims.mandate && `${claims.mandate.scope} ${text.until} ${claims.mandate.until}`],
    ['rights', text.rights, claims.rights?.join(', ')],
  ].filter(([, , value]) => value);

  const form = subject === null ? '' : `
    <form method="post" action="/dossiers/${encodeURIComponent(subject)}/remarks">
      <input type="hidden" name="poort_profile" value="${escape(claims.profile?.id ?? '')}">
      <p><label for="remark">${text.remark}</label><br><input id="remark" name="remark" autocomplete="off"></p>
      <p><button type="submit">${text.save}</button></p>
    </form>`;

  return `<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${text.title}${subject === null ? '' : ` ${escape(subject)}`}</title>
  <style>
    body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 45rem; padding: 1rem; color: #1b1b1b; background: #fff }
    header { background: #e8f1f8; border-inline-start: .5rem solid #154273; padding: .5rem 1rem }
    dt { font-weight: bold } dd { margin: 0 0 .5rem; overflow-wrap: anywhere }
    a { color: #154273 } a, button, input { display: inline-block; font: inherit; min-height: 2rem; padding: .25rem }
    input { box-sizing: border-box; max-width: 100%; border: 1px solid #595959 }
    :focus-visible { outline: 3px solid #154273; outline-offset: 2px }
  </style>
</head>
<body>
  <header id="acting" data-backend="${escape(backend)}">
    <dl>${facts.map(([id, term, value]) => `<dt>${escape(term)}</dt><dd id="acting-${id}">${escape(value)}</dd>`).join('')}</dl>
    <a id="switch" href="${escape(issuer)}/profile">${text.change}</a>
  </header>
  <main>
    <h1>${text.title}${subject === null ? '' : ` ${escape(subject)}`}</h1>${form}
  </main>
</body>
</html>
`;
}
