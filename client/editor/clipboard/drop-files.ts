import { Plugin } from 'prosemirror-state'

/** Files have no place in a document yet: without this, the browser would leave the page and show the file instead. */
export function dropFiles(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        drop: (_, event) => refuse(event, event.dataTransfer),
        paste: (_, event) => refuse(event, event.clipboardData),
      },
    },
  })
}

/** Whether there is nothing but files; what a program gives as a text too is taken as that. */
function refuse(event: Event, data: DataTransfer | null): boolean {
  if (!holdsFiles(data) || data?.getData('text/html') !== '' || data.getData('text/plain') !== '')
    return false
  event.preventDefault()
  return true
}

/** Also while something is dragged, when only the kinds of what it holds are told. */
export function holdsFiles(data: DataTransfer | null): boolean {
  return Array.from(data?.types ?? []).includes('Files')
}
