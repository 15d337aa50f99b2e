export { describeVectors, vectorJson, vectorNames, vectorText } from '../../test/vectors.ts'
