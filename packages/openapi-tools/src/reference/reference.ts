export { eachField, type FieldNode, fieldTree, type LifeCycleState } from "./field-tree.ts";
export { type ObjectComponents, type ObjectModel, objectModel } from "./object-model.ts";
export {
  type BodyExample,
  type BodyModel,
  type LinkModel,
  type OperationModel,
  operationModel,
  operationModels,
  type ParameterPlace,
  type ResponseModel,
} from "./operation-model.ts";
