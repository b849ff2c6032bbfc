using ThinDeployer.Shell;
using ThinDeployer.Yaml;

namespace ThinDeployer.Deployments;

/// <summary>Reads <c>pwd</c>, <c>commands</c>, <c>vars</c>, <c>environment</c> and <c>inherit_environment</c>.</summary>
internal static class DeploymentPlanReader
{
    internal static DeploymentPlan Read(MapReader service)
    {
        var defaults = service.Texts("vars");
        CheckDefaults(service, defaults);
        return new DeploymentPlan(
            Folder(service),
            Commands(service, defaults),
            defaults,
            Variables(service),
            InheritedNames(service)
        );
    }

    private static string Folder(MapReader service)
    {
        if (service.Path("pwd") is { } folder)
        {
            return folder;
        }

        if (service.Node("pwd") is null or YamlText { Text.Length: 0 })
        {
            service.Context.Mistake(
                service.Node("pwd")?.Place ?? service.Place,
                "\"pwd\" is missing; name the folder in which the commands run"
            );
        }

        return "";
    }

    private static List<CommandTemplate> Commands(MapReader service, IReadOnlyDictionary<string, string> defaults)
    {
        if (service.Node("commands") is null or YamlText { Text.Length: 0 } or YamlList { Items.Count: 0 })
        {
            service.Context.Mistake(
                service.Node("commands")?.Place ?? service.Place,
                "\"commands\" is missing or empty; list at least one command"
            );
            return [];
        }

        var commands = new List<CommandTemplate>();
        foreach (var item in service.List("commands"))
        {
            if (CommandText(item, service.Context) is { } command)
            {
                var template = CommandTemplate.Parse(command.Text);
                CheckPlaces(template, command.Place, defaults, service.Context);
                commands.Add(template);
            }
        }

        return commands;
    }

    private static YamlText? CommandText(YamlNode item, ReadingContext context)
    {
        var node = item;
        if (item is YamlMap map)
        {
            var step = new MapReader(map, context);
            node = step.Node("run");
            step.Finish();
        }

        if (node is YamlText text && !string.IsNullOrWhiteSpace(text.Text))
        {
            return text;
        }

        var message = node switch
        {
            YamlText => "a command is empty",
            null => "a step has no \"run\"; write the command there",
            _ => "a command must be a text, or a map with \"run\"",
        };
        context.Mistake(node?.Place ?? item.Place, message);
        return null;
    }

    private static void CheckPlaces(
        CommandTemplate template,
        Place place,
        IReadOnlyDictionary<string, string> defaults,
        ReadingContext context
    )
    {
        foreach (var placeholder in template.Placeholders)
        {
            if (placeholder.Refusal is { } refusal && defaults.ContainsKey(placeholder.Name))
            {
                context.Mistake(
                    place,
                    $"\"%{placeholder.Name}%\" can't be filled in safely {refusal}; "
                        + $"assign it before (value=%{placeholder.Name}%) and write \"$value\" there"
                );
            }
        }
    }

    private static void CheckDefaults(MapReader service, IReadOnlyDictionary<string, string> defaults)
    {
        foreach (var name in defaults.Keys.Where(name => Placeholder.NameAt($"%{name}%", 0) != name))
        {
            service.Context.Mistake(
                service.Node("vars")!.Place,
                $"\"vars\" names {Quote.Of(name)}, which no placeholder can; use up to "
                    + $"{Placeholder.MaxNameLength} letters, digits, \"_\", \".\" or \"-\", and not \"token\""
            );
        }
    }

    private static IReadOnlyDictionary<string, string> Variables(MapReader service)
    {
        var variables = service.Texts("environment");
        foreach (var name in variables.Keys)
        {
            CheckName(name, service.Node("environment")!.Place, service.Context);
        }

        return variables;
    }

    private static List<string> InheritedNames(MapReader service)
    {
        var names = new List<string>();
        foreach (var item in service.List("inherit_environment"))
        {
            if (item is not YamlText { Text.Length: > 0 } text)
            {
                service.Context.Mistake(item.Place, "\"inherit_environment\" must list names of environment variables");
            }
            else if (Scalars.Interpolated(text, service.Context) is { Length: > 0 } name)
            {
                CheckName(name, item.Place, service.Context);
                names.Add(name);
            }
        }

        return names;
    }

    private static void CheckName(string name, Place place, ReadingContext context)
    {
        if (name.Contains('=', StringComparison.Ordinal))
        {
            context.Mistake(place, $"{Quote.Of(name)} is no name of an environment variable");
        }
        else if (StepEnvironment.IsReserved(name))
        {
            context.Mistake(place, $"the variable {Quote.Of(name)} belongs to Thin Deployer itself; use another name");
        }
    }
}
