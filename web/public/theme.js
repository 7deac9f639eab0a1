// Before the first paint, so that a page never flashes in the other theme. A file of its own, because the policy of the
// page's content forbids inline scripts.
try {
  const theme = localStorage.getItem('opsroom.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's theme holds.
}
