/** Light, dark, or as the system has it. */

const THEMES = ['auto', 'light', 'dark'] as const;
const KEY = 'plumbline-theme';

export function themeButton(button: HTMLElement): void {
  let theme = THEMES.find((name) => name === remembered()) ?? 'auto';
  const apply = (): void => {
    document.documentElement.setAttribute('data-theme', theme);
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]!;
    remember(theme);
    apply();
  });
  button.hidden = false;
  apply();
}

/** A file opened from disk, or a page in a sandbox, may have no storage. */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // The choice holds until the page is closed.
  }
}
