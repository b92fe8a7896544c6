/// What `fit` writes beside a model.
struct ModelFolder {
  let leaderboard: String
  let outOfFold: String

  init(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    leaderboard = folder + "leaderboard.json"
    outOfFold = folder + "oof.csv"
  }
}
