/** ENSIP-15 normalisation, by the library of the standard's author. 26 KB of tables: import it where they are wanted. @module */
export { ens_normalize as normalize } from '@adraffy/ens-normalize'
