using AspNetCoreGeneratedDocument;
using Microsoft.AspNetCore.Http;

namespace ThinDeployer.Pages;

/// <summary>What is shown where there is nothing to show.</summary>
internal static class NothingPage
{
    internal static Task WriteAsync(Visit visit, string message) =>
        PageAnswer.WriteAsync(
            visit.Context,
            new Pages_Templates_Nothing { Model = new NothingModel(visit.Frame with { Title = "Not found" }, message) },
            StatusCodes.Status404NotFound
        );
}

internal sealed record NothingModel(Frame Frame, string Message) : IPageModel;
