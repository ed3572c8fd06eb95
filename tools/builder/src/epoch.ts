/** Every file's time, in seconds, and what builds see as SOURCE_DATE_EPOCH: 2026-01-01. It means nothing; it only never moves. */
export const EPOCH = 1767225600
