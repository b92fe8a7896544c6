/// Where the services of a cloud are, of one region and one interface.
internal struct Catalog: Sendable {
  private let addresses: [CloudService: String]

  /// - Parameter token: the body of Keystone's answer.
  init(_ token: JSONValue, region: String?, interface: String) throws(DeployError) {
    let entries = token["token"]?["catalog"]?.elements ?? []
    let regions = Set(entries.flatMap { $0["endpoints"]?.elements ?? [] }.compactMap(Self.region))
    if let region, !regions.isEmpty, !regions.contains(region) {
      throw DeployError(
        .noInput, "region \(shown(region)): the cloud has no such region",
        advice: "there are: \(listed(regions.sorted()))")
    }
    if region == nil, regions.count > 1 {
      throw DeployError(
        .usage, "the cloud has several regions", advice: "choose one with OS_REGION_NAME: \(listed(regions.sorted()))")
    }
    var addresses: [CloudService: String] = [:]
    for entry in entries {
      guard let service = Self.service(entry["type"]?.text ?? ""), addresses[service] == nil else { continue }
      let endpoint = entry["endpoints"]?.elements.first { endpoint in
        endpoint["interface"]?.text == interface && (region == nil || Self.region(endpoint) == region)
      }
      if let url = endpoint?["url"]?.text { addresses[service] = Self.complete(url, for: service) }
    }
    self.addresses = addresses
  }

  func address(of service: CloudService) throws(DeployError) -> String {
    guard let address = addresses[service] else {
      throw DeployError(
        .unavailable, "the cloud's catalog has no address of its service “\(service.rawValue)” here",
        advice: "check OS_REGION_NAME and OS_INTERFACE")
    }
    return address
  }

  private static func region(_ endpoint: JSONValue) -> String? {
    endpoint["region_id"]?.text ?? endpoint["region"]?.text
  }

  /// Old catalogs number their types: `computev21`.
  private static func service(_ type: String) -> CloudService? {
    CloudService(rawValue: type) ?? (type.hasPrefix("computev") ? .compute : nil)
  }

  private static func complete(_ url: String, for service: CloudService) -> String {
    let base = url.hasSuffix("/") ? String(url.dropLast()) : url
    guard let version = service.version, !base.hasSuffix("/\(version)") else { return base }
    return "\(base)/\(version)"
  }
}
