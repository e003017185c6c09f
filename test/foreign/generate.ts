import { generateCatalogue } from './generate-catalogue.ts'

generateCatalogue()
