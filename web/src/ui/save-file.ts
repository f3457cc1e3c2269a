let saving = false

/** Whether the page is only handing a download to the browser, and not going away. */
export const isSaving = (): boolean => saving

/** Opens a URL that answers with an attachment: the browser saves it and the page stays. */
export function saveFile(url: string): void {
  saving = true
  window.location.assign(url)
  setTimeout(() => {
    saving = false
  }, 1000)
}
