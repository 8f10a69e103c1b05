export { foldText as normalizeArabic } from '../../shared/arabic/fold.ts';
export { detectLanguage } from '../../shared/text/language.ts';
export { analyzeArticle } from './analyze/index.ts';
export { findEntities, tagTokens } from './tagger/find-entities.ts';
