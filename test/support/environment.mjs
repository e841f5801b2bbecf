// Node's environment of Jest, made fast for much code: the same globals, found at once.

import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const PLUGIN_NAME = Symbol.for('fastify.display-name');

export default class OrdinaryGlobals extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // Jest's own global object stands behind a proxy, through which each `Math`, `Date` or `Map` anywhere is looked up: what counts
    // much takes half as long again. This one is an ordinary object, as in a program.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
    // Fastify searches all loaded modules for the name of a plugin that does not tell it, which takes Jest a tenth of a second a system.
    Object.defineProperty(this.global.Function.prototype, PLUGIN_NAME, {
      configurable: true,
      get() {
        return this.name || 'routes';
      },
      set(value) {
        Object.defineProperty(this, PLUGIN_NAME, { value, configurable: true, writable: true });
      },
    });
  }
}
