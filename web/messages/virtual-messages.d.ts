declare module 'virtual:messages/*' {
  /** One loader a locale. Which keys there are is said by the English file, which the page gives to `openMessages`. */
  const loaders: Record<string, () => Promise<Record<string, (values: Record<string, unknown>) => string>>>;
  export default loaders;
}
