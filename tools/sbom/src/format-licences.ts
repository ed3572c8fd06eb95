/** The text of a licence, and the file of a package's source that it is in. */
export interface Licence {
  by: string
  text: string
}

const RULE = '='.repeat(78)

/** One text for a reader: each licence once, below the files that have it. Like ones lie beside each other. */
export function formatLicences(licences: readonly Licence[]): string {
  const texts = [...Map.groupBy(licences, ({ text }) => text)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  )
  const parts = texts.map(
    ([text, files]) => `${RULE}\n${files.map(({ by }) => `${by}\n`).join('')}${RULE}\n\n${text}\n`,
  )
  return `Licences of what is in this image: each text once, below the files of the sources that have it.\n\n${parts.join('')}`
}
