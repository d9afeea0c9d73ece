/** Words that names are made of. Nobody and nothing real is meant. */
export const firstWords = [
  ...["Alder", "Amber", "Anchor", "Aspen", "Beacon", "Birch", "Blackwater", "Bluebell", "Bramble", "Brook", "Cedar"],
  ...["Cinder", "Clover", "Copper", "Coral", "Crane", "Dawn", "Drift", "Ember", "Falcon", "Fern", "Flint", "Forge"],
  ...["Frost", "Gale", "Garnet", "Granite", "Grove", "Harbour", "Hawthorn", "Hazel", "Heather", "Heron", "Hollow"],
  ...["Iron", "Ivy", "Juniper", "Kestrel", "Lantern", "Larch", "Linden", "Maple", "Marsh", "Meadow", "Mistral", "Moss"],
  ...["North", "Oak", "Otter", "Pebble", "Pine", "Quarry", "Raven", "Reed", "Ridge", "Rowan", "Saffron", "Slate"],
  ...["Sparrow", "Spruce", "Stone", "Summit", "Swift", "Thistle", "Tidal", "Umber", "Vale", "Willow", "Winter", "Wren"],
] as const;

export const trades = [
  ...["Accounting", "Architects", "Bakery", "Brewing", "Cabinetmakers", "Carpentry", "Catering", "Ceramics", "Clinic"],
  ...[
    "Coffee",
    "Construction",
    "Cycling",
    "Dental",
    "Design",
    "Electric",
    "Engineering",
    "Estates",
    "Farms",
    "Fisheries",
  ],
  ...[
    "Florists",
    "Foods",
    "Freight",
    "Furniture",
    "Gardens",
    "Glass",
    "Hotels",
    "Insurance",
    "Joinery",
    "Laboratories",
  ],
  ...["Law", "Logistics", "Machining", "Marine", "Media", "Metals", "Optics", "Outdoor", "Packaging", "Pharmacy"],
  ...[
    "Plumbing",
    "Press",
    "Recruitment",
    "Robotics",
    "Roofing",
    "School",
    "Security",
    "Shipping",
    "Studio",
    "Textiles",
  ],
  ...["Timber", "Tools", "Travel", "Veterinary", "Water", "Windows", "Wood"],
] as const;

export const givenNames = [
  ...["Aino", "Alva", "Anneli", "Bertil", "Birgit", "Casper", "Dagny", "Edda", "Einar", "Elin", "Esben", "Freja"],
  ...["Greta", "Gunvor", "Hanne", "Henning", "Ida", "Ilse", "Jonna", "Jorun", "Kaisa", "Karsten", "Liv", "Lotte"],
  ...["Maren", "Mats", "Nanna", "Nils", "Oda", "Otto", "Pernille", "Ragna", "Runar", "Sanna", "Signe", "Solveig"],
  ...["Svea", "Tor", "Tuva", "Ulf", "Vera", "Vidar", "Wilma", "Ylva"],
] as const;

export const familyNames = [
  ...["Exempelsson", "Exempelman", "Provdotter", "Provberg", "Testlund", "Mallgren", "Musterfeld", "Beispielhof"],
  ...["Voorbeeldstra", "Malliniemi", "Proevsen", "Eksempelgaard", "Testholm", "Provqvist", "Mallander"],
] as const;

export interface Place {
  city: string;
  postalCode: string;
  street: string;
}

export interface Country {
  code: string;
  language: string;
  /** Its calling code and the digits that go before a number. */
  phone: string;
  tax: string;
  places: readonly Place[];
}

const places = (...rows: [city: string, postalCode: string, street: string][]): Place[] =>
  rows.map(([city, postalCode, street]) => ({ city, postalCode, street }));

export const countries: readonly Country[] = [
  {
    ...{ code: "SE", language: "sv", phone: "+4631555", tax: "SE" },
    places: places(
      ["Gothenburg", "41105", "Kanalgatan"],
      ["Sundsvall", "85231", "Skogsvägen"],
      ["Umeå", "90325", "Storgatan"],
    ),
  },
  {
    ...{ code: "DK", language: "da", phone: "+457055", tax: "DK" },
    places: places(["Aarhus", "8000", "Havnegade"], ["Odense", "5000", "Nørregade"]),
  },
  {
    ...{ code: "NO", language: "no", phone: "+472155", tax: "NO" },
    places: places(["Bergen", "5003", "Strandgaten"], ["Trondheim", "7011", "Kongens gate"]),
  },
  {
    ...{ code: "FI", language: "fi", phone: "+358955", tax: "FI" },
    places: places(["Tampere", "33100", "Hämeenkatu"], ["Turku", "20100", "Linnankatu"]),
  },
  {
    ...{ code: "DE", language: "de", phone: "+494055", tax: "DE" },
    places: places(["Hamburg", "20457", "Hafenstraße"], ["Leipzig", "04109", "Lindenallee"]),
  },
  {
    ...{ code: "NL", language: "nl", phone: "+311055", tax: "NL" },
    places: places(["Rotterdam", "3011", "Kadeweg"], ["Utrecht", "3511", "Grachtstraat"]),
  },
];
