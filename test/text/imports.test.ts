import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import '../../src/text/industry-search.js';
import '../../src/text/text-analysis.js';

it('loads the two parts of natural that are used, and no database client of its main entry', () => {
  const loaded = Object.keys(createRequire(import.meta.url).cache).map((file) => file.replaceAll('\\', '/'));
  const ofNatural = loaded.filter((file) => file.includes('/node_modules/natural/'));
  expect(ofNatural.some((file) => file.endsWith('/tfidf/tfidf.js'))).toBe(true);
  expect(ofNatural.filter((file) => /\/(classifiers|sentiment|wordnet|util\/storage)\//.test(file))).toEqual([]);
  expect(loaded.filter((file) => /\/node_modules\/(pg|redis|mongoose|mongodb|memjs|dotenv)\//.test(file))).toEqual([]);
});
