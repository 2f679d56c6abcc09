import { MemoryDeliveryStore } from '../../src/memory/delivery-store.js';
import { describeDeliveryStoreConformance } from '../support/conformance/delivery-store.js';

describeDeliveryStoreConformance('memory', async () => new MemoryDeliveryStore());
