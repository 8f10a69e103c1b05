// Keeps the overview fresh: asks for its sections two seconds after each answer while the page is looked at, and replaces those
// that changed. A section that holds the keyboard focus is left alone, so that nobody loses their place.
const status = document.querySelector('[data-live-status]');

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch('/overview', { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(String(response.status));
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const section of document.querySelectorAll('[data-live]')) {
      const next = fresh.getElementById(section.id);
      if (next && next.innerHTML !== section.innerHTML && !section.contains(document.activeElement)) section.innerHTML = next.innerHTML;
    }
    status.textContent = 'Live';
    delete status.dataset.state;
  } catch {
    status.textContent = 'Not up to date: the service does not answer';
    status.dataset.state = 'stale';
  }
}

// After the answer, not beside it: a service in trouble is not to be asked twice at once.
const refreshLater = () => setTimeout(() => refresh().finally(refreshLater), 2000);

if (status) refreshLater();
