using ThinDeployer.Deployments;
using ThinDeployer.Rollouts;

namespace ThinDeployer.Storage;

/// <summary>Writes rollouts, and the deployments of their machines.</summary>
#pragma warning disable CA1001 // The connection takes its statements with it.
internal sealed class RolloutStatements(RecordConnection connection)
#pragma warning restore CA1001
{
    private readonly Statement _begin = new(
        connection,
        """
        INSERT INTO rollouts (deployment_id, content)
        SELECT $id, $content WHERE EXISTS (SELECT 1 FROM deployments WHERE id = $id)
        """,
        "$id",
        "$content"
    );

    private readonly Statement _save = new(
        connection,
        "UPDATE rollouts SET content = $content WHERE deployment_id = $id",
        "$id",
        "$content"
    );

    private readonly Statement _addChild = new(
        connection,
        $"{ChildRow.Insert} VALUES ({ChildRow.Placeholders})",
        ChildRow.Parameters
    );

    private readonly Statement _saveChild = new(
        connection,
        $"UPDATE children SET {ChildRow.SavedAssignments} WHERE id = $id",
        ChildRow.SavedParameters
    );

    private readonly Statement _withFiles = new(
        connection,
        "SELECT id FROM children WHERE parent = $parent AND inline_log IS NULL",
        "$parent"
    );

    internal void Begin(string id, RolloutState rollout, IReadOnlyList<DeploymentEntry> children)
    {
        WriteStatements.Expect(id, _begin.Run(id, RolloutJson.Write(rollout)));
        foreach (var child in children)
        {
            _addChild.Run(ChildRow.Values(child));
        }
    }

    internal void Save(string id, RolloutState rollout) =>
        WriteStatements.Expect(id, _save.Run(id, RolloutJson.Write(rollout)));

    internal void SaveChild(DeploymentEntry child) =>
        WriteStatements.Expect(child.Id, _saveChild.Run(ChildRow.SavedValues(child)));

    /// <summary>The ids of those of a whole that may have an output file.</summary>
    internal IReadOnlyList<string> WithFiles(string parent) => _withFiles.Rows(row => row.Text(0), parent);
}
