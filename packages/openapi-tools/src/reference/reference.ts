export { eachField, type FieldNode, fieldTree } from "./field-tree.ts";
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
