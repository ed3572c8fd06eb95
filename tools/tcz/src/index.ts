export { formatMd5, formatSha256 } from './checksums.ts'
export { closure } from './closure.ts'
export { formatDep, parseDep } from './dep.ts'
export {
  type FlavourFile,
  flavourNames,
  mergeFlavours,
  parseFlavourFile,
  readFlavourFiles,
} from './flavour.ts'
export { formatInfo, type Info } from './info.ts'
export { formatList } from './list.ts'
export { isPinned } from './pinned.ts'
export { parseRecipe, type Recipe, type Source, type Suite } from './recipe.ts'
export { findPackage, type Package, type Repository, readRepository, recipeFolders } from './repository.ts'
export { formatTree } from './tree.ts'
